// Before anything is painted: the colours the person asked for, where they are not the system's (src/ui/appearance.tsx).
try {
  const look = localStorage.getItem("voxdesk.look");
  if (look === "light" || look === "dark") document.documentElement.dataset.look = look;
} catch {
  // A browser that keeps nothing: as the system is.
}
