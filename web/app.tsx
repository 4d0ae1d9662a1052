import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ZoneContext } from '../src/view/time.tsx';
import { onRefused } from './data/api.ts';
import { type Live, useLive } from './data/live.ts';
import { credential, forgetCredential } from './data/session.ts';
import { LOCAL } from './data/zone.ts';
import { Top } from './parts/top.tsx';
import { type Route, useRoute } from './route.ts';
import { AgentView } from './views/agent.tsx';
import { HealthView } from './views/health.tsx';
import { NowView } from './views/now.tsx';
import { RunView } from './views/run.tsx';
import { RunsView } from './views/runs.tsx';
import { ScenarioView } from './views/scenario.tsx';
import { ScenariosView } from './views/scenarios.tsx';
import { SignIn } from './views/signIn.tsx';

const TITLES: Record<Route['view'], string> = {
  now: 'Now',
  runs: 'Runs',
  run: 'Run',
  agent: 'Agent',
  scenarios: 'Scenarios',
  scenario: 'Scenario',
  health: 'Health',
};

/** The whole page: sign-in when the server asks for it, otherwise the view that the address names. */
export function App() {
  const route = useRoute();
  const [refusal, setRefusal] = useState<string | undefined>();
  const [visit, setVisit] = useState(0);
  useEffect(
    () =>
      onRefused((failure) => {
        const had = credential() !== undefined;
        forgetCredential();
        setRefusal(had ? failure.message : '');
      }),
    [],
  );
  const enter = useCallback(() => {
    setRefusal(undefined);
    setVisit((before) => before + 1);
  }, []);
  const leave = useCallback(() => {
    forgetCredential();
    setRefusal('');
  }, []);
  if (refusal !== undefined) return <SignIn refusal={refusal} onDone={enter} />;
  return (
    <ZoneContext.Provider value={LOCAL}>
      <Signed key={visit} route={route} onLeave={leave} />
    </ZoneContext.Provider>
  );
}

function Signed({ route, onLeave }: { route: Route; onLeave: () => void }) {
  const live = useLive(true);
  const main = useRef<HTMLElement>(null);
  const id = 'id' in route ? route.id : '';
  const first = useRef(true);
  useEffect(() => {
    document.title = `${[id, TITLES[route.view]].filter(Boolean).join(' · ')} · HayMaker`;
    // Those who do not see the page change hear the new heading.
    if (!first.current) main.current?.focus({ preventScroll: true });
    if (!first.current) scrollTo(0, 0);
    first.current = false;
  }, [route.view, id]);
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to content
      </button>
      <Top route={route} live={live} onLeave={onLeave} />
      <main id="main" ref={main} tabIndex={-1} data-view={route.view} data-testid={`view-${route.view}`}>
        <View route={route} live={live} />
      </main>
    </>
  );
}

function View({ route, live }: { route: Route; live: Live }) {
  switch (route.view) {
    case 'now':
      return <NowView live={live} />;
    case 'runs':
      return <RunsView live={live} />;
    case 'run':
      return <RunView key={route.id} id={route.id} live={live} />;
    case 'agent':
      return <AgentView key={route.id} id={route.id} live={live} />;
    case 'scenarios':
      return <ScenariosView />;
    case 'scenario':
      return <ScenarioView key={route.id} id={route.id} />;
    case 'health':
      return <HealthView live={live} />;
  }
}
