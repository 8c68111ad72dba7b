import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { AppearanceProvider, appearanceOf, useAppearance } from "./appearance";

let systemDark = false;
let told: (() => void)[] = [];

function Shown() {
  const { dark, choose } = useAppearance();
  return (
    <>
      <output>{dark ? "dark" : "light"}</output>
      {(["system", "light", "dark"] as const).map((one) => (
        <button key={one} onClick={() => choose(one)}>
          {one}
        </button>
      ))}
    </>
  );
}

const shown = () => screen.getByRole("status").textContent;
const choose = (one: string) => fireEvent.click(screen.getByText(one, { selector: "button" }));

describe("light and dark", () => {
  beforeEach(() => {
    systemDark = false;
    told = [];
    vi.stubGlobal("matchMedia", () => ({
      get matches() {
        return systemDark;
      },
      addEventListener: (_: string, listener: () => void) => told.push(listener),
      removeEventListener: () => undefined,
    }));
    delete document.documentElement.dataset.look;
  });
  afterEach(() => vi.unstubAllGlobals());

  it("follow the system, also when it changes at dusk", () => {
    render(<AppearanceProvider><Shown /></AppearanceProvider>);
    expect(shown()).toBe("light");
    systemDark = true;
    act(() => told.forEach((listener) => listener()));
    expect(shown()).toBe("dark");
    expect(document.documentElement.dataset.look).toBeUndefined();
  });

  it("what the person chose wins over the system, is remembered, and can be given up again", () => {
    systemDark = true;
    const { unmount } = render(<AppearanceProvider><Shown /></AppearanceProvider>);
    choose("light");
    expect(shown()).toBe("light");
    expect(document.documentElement.dataset.look).toBe("light");
    unmount();
    render(<AppearanceProvider><Shown /></AppearanceProvider>);
    expect(shown()).toBe("light");
    choose("system");
    expect(shown()).toBe("dark");
    expect(document.documentElement.dataset.look).toBeUndefined();
    expect(localStorage.getItem("voxdesk.look")).toBeNull();
  });

  it("another tab of the same person follows", () => {
    render(<AppearanceProvider><Shown /></AppearanceProvider>);
    act(() => void dispatchEvent(new StorageEvent("storage", { key: "voxdesk.look", newValue: "dark" })));
    expect(shown()).toBe("dark");
  });

  it("what was stored by something else counts as nothing", () => {
    expect(appearanceOf("sepia")).toBe("system");
    expect(appearanceOf(null)).toBe("system");
  });
});
