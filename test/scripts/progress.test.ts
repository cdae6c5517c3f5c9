import { startProgress } from "../../scripts/progress";

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test("a log gets a plain line every twenty seconds", () => {
  const written: string[] = [];
  const progress = startProgress("Building", { write: (text) => written.push(text) });
  jest.advanceTimersByTime(19_000);
  expect(written).toEqual([]);
  jest.advanceTimersByTime(1_000);
  progress.detail("812 packages compiled");
  jest.advanceTimersByTime(20_000);
  expect(written).toEqual(["Building: 20 s\n", "Building: 40 s, 812 packages compiled\n"]);
  expect(progress.stop()).toBe(40);
  jest.advanceTimersByTime(60_000);
  expect(written).toHaveLength(2);
});

test("a terminal gets one line that is redrawn each second and cleared at the end", () => {
  const written: string[] = [];
  const progress = startProgress("Building", { isTTY: true, write: (text) => written.push(text) });
  jest.advanceTimersByTime(2_000);
  progress.stop();
  expect(written.join("")).toBe("\r\u001b[KBuilding: 0 s\r\u001b[KBuilding: 1 s\r\u001b[KBuilding: 2 s\r\u001b[K");
});
