// Loaded before the server: its clock stands still at LOOKS_NOW, so that a page looks the same each time.
import process from 'node:process';

const frozen = Number(process.env.LOOKS_NOW);
Date.now = () => frozen;
