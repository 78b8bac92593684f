import './zod-without-eval.js';
import '@fontsource/ibm-plex-sans/latin-400.css';
import '@fontsource/ibm-plex-sans/latin-600.css';
import './tokens.css';
import './base.css';
import './visitor/drawings/drawings.css';
import { mount } from 'svelte';
import { createApi } from './api.js';
import Root from './Root.svelte';
import { keepInPage } from './browser-keys.js';
import { ignoreStrayInput } from './stray-input.js';

const target = document.getElementById('kiosk');
if (target === null) throw new Error('The page has no place for the kiosk');
keepInPage(window);
ignoreStrayInput(window);
mount(Root, { target, props: { api: createApi({ needsToken: true }) } });
