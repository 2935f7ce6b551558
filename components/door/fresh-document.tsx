'use client';

import { useEffect } from 'react';
import { startFromNothing } from '../shell/leave.ts';

/** Stands at every door; shows nothing. */
export function FreshDocument() {
  useEffect(startFromNothing, []);
  return null;
}
