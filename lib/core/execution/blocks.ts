/** How many steps or items share one note of their earliest times, and one array. */
export const BLOCK = 128;
