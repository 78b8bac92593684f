import '../zod-without-eval.js';
import '@fontsource/ibm-plex-sans/latin-400.css';
import '@fontsource/ibm-plex-sans/latin-600.css';
import '../tokens.css';
import '../base.css';
import { mount } from 'svelte';
import { createApi } from '../api.js';
import Board from './Board.svelte';

const target = document.getElementById('kiosk');
if (target === null) throw new Error('The page has no place for the board');
mount(Board, { target, props: { api: createApi() } });
