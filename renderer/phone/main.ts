import '../zod-without-eval.js';
import '@fontsource/ibm-plex-sans/latin-400.css';
import '@fontsource/ibm-plex-sans/latin-600.css';
import '../tokens.css';
import './phone.css';
import { mount } from 'svelte';
import PhonePage from './PhonePage.svelte';

const target = document.getElementById('kiosk');
if (target === null) throw new Error('The page has no place for the ticket');
mount(PhonePage, { target });
