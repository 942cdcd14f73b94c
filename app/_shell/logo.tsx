/** The mark: one history with a branch that rejoins it. */
export function Logo({ size = 20 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" fill="none" aria-hidden className="shrink-0">
      <rect width="20" height="20" rx="5" className="fill-solid" />
      <path
        d="M10 3.5v2.2m0 8.6v2.2M10 5.7c0 2-3.5 2-3.5 4.3s3.5 2.3 3.5 4.3c0-2 3.5-2 3.5-4.3S10 7.7 10 5.7Z"
        className="stroke-on-solid"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
