/** `next/navigation` as far as a file needs it: one page, whose state stands behind the question mark of its address. */

const first = new URLSearchParams(window.location.search);

export function useSearchParams(): URLSearchParams {
  return first;
}

const STAYS = { push() {}, replace() {}, refresh() {}, back() {}, forward() {}, prefetch() {} };

/** There is nowhere to go. */
export function useRouter(): typeof STAYS {
  return STAYS;
}
