// The mark: a voice as five bars.

export function Logo({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden focusable="false">
      <rect width="32" height="32" rx="8" fill="#1f5f8b" />
      <path
        d="M7 12v8M11.500 9v14M16 12.500v7M20.500 7.500v17M25 13v6"
        stroke="#fff"
        strokeWidth="2.400"
        strokeLinecap="round"
        fill="none"
      />
    </svg>
  );
}
