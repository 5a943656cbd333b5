/** What a colour says; a word and an icon always say it too. */
export type Tone = 'green' | 'blue' | 'amber' | 'red' | 'neutral';
