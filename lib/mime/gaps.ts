/**
 * Blanks, and what is drawn as one or as nothing: a row of them pushes out of sight what stands behind it, the ending of a file or somebody's address. One or
 * two of these stand in names that people write.
 */
export const gaps = /(?:\s|\u00ad|\u034f|\u115f|\u1160|\u180e|[\u200b-\u200d]|[\u2060-\u2064]|\u2800|\u3164|[\ufe00-\ufe0f]|\uffa0){3,}/g;
