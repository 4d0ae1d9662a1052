import { useEffect, useState } from 'preact/hooks';

/** The present, ISO 8601, anew every `everyMs` while `running`. */
export function useNow(running: boolean, everyMs = 1_000): string {
  const [now, setNow] = useState(() => new Date().toISOString());
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') setNow(new Date().toISOString());
    }, everyMs);
    return () => clearInterval(timer);
  }, [running, everyMs]);
  return now;
}
