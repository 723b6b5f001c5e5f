export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
      <circle cx="10.5" cy="10.5" r="7" />
      <path d="M7.5 12.5v-2M10.5 12.5v-5M13.5 12.5v-3.2" class="bars" />
      <path d="m16 16 5 5" />
    </svg>
  );
}
