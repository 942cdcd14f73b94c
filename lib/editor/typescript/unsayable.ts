/** Why a definition cannot be written as a timeline: a sentence. */
export class Unsayable extends Error {}
