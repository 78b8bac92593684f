import '../zod-without-eval.js';
import '@fontsource/ibm-plex-sans/latin-400.css';
import '@fontsource/ibm-plex-sans/latin-600.css';
import '../tokens.css';
import '../base.css';
import { mount } from 'svelte';
import { createApi } from '../api.js';
import { followTheme } from '../stores/theme.js';
import StaffPage from './StaffPage.svelte';

const target = document.getElementById('kiosk');
if (target === null) throw new Error('The page has no place for the console');
const api = createApi();
followTheme(api, document.documentElement);
mount(StaffPage, { target, props: { api } });
