/** How much one message may still carry. The first thing goes in whatever its size, so that nothing waits for ever. */
export class Room {
  constructor(private characters: number) {}

  /** Whether there is room left; if so, it is taken, even where that is more than is left. */
  take(characters: number): boolean {
    if (this.characters <= 0) return false;
    this.characters -= characters;
    return true;
  }
}

/** Well below what a request body may be, however many bytes a character takes. */
export const MESSAGE_CHARACTERS = 2 * 1024 * 1024;
