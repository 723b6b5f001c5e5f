import { render } from 'preact';
import { App } from './app.js';
import './style/base.css';
import './style/shell.css';
import './style/parts.css';
import './style/views.css';

const root = document.getElementById('query-lens');
if (root !== null) render(<App />, root);
