import '../zod-without-eval.js';
import '@fontsource/ibm-plex-sans/latin-400.css';
import '@fontsource/ibm-plex-sans/latin-600.css';
import '../tokens.css';
import '../base.css';
import { mount } from 'svelte';
import { createApi } from '../api.js';
import { followTheme } from '../stores/theme.js';
import BoardPage from './BoardPage.svelte';

const target = document.getElementById('kiosk');
if (target === null) throw new Error('The page has no place for the board');
const api = createApi();
followTheme(api, document.documentElement);
mount(BoardPage, { target, props: { api } });
