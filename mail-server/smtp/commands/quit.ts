import { closing, type Reply } from '../reply.ts';

export const quit = (): Reply => closing(221, '2.0.0', 'Auf Wiedersehen - good bye');
