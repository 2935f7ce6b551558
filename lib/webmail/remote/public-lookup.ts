import type { Resolver } from 'node:dns/promises';
import { createPublicLookup } from '../../addresses/public-lookup.ts';
import { createResolver } from '../../config/create-resolver.ts';
import { installation } from '../../config/installation.ts';

let known: Resolver | undefined;

/** For what a letter refers to: only public addresses are reached. */
export const publicLookup = createPublicLookup((name, type) => {
  known ??= createResolver(installation().resolvers);
  return known.resolve(name, type);
});
