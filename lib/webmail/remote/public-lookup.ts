import { createPublicLookup } from '../../addresses/public-lookup.ts';
import { installation } from '../../config/installation.ts';
import { type Ask, createPatientResolver } from '../../config/patient-resolver.ts';

let known: Ask | undefined;

/** For what a letter refers to: only public addresses are reached. */
export const publicLookup = createPublicLookup((name, type) => {
  known ??= createPatientResolver(installation().resolvers);
  return known((resolver) => resolver.resolve(name, type));
});
