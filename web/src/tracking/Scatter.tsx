import { Link } from "@tanstack/react-router";
import type { Run } from "../api/tracking";
import { colorOf } from "../kit/color";
import { counted } from "../kit/words";
import type { Axis } from "./axis";
import { PlotFrame, plotSpace } from "./PlotFrame";

export function Scatter({ runs, x, y }: { runs: readonly Run[]; x: Axis; y: Axis }) {
  const { left, top } = plotSpace;
  const places = runs.flatMap((run) => {
    const [across, upwards] = [x.at(run), y.at(run)];
    return across === undefined || upwards === undefined ? [] : [{ run, x: left(across), y: top(upwards) }];
  });
  const missing = runs.length - places.length;
  return (
    <PlotFrame
      label={`${y.title} by ${x.title}`}
      x={x}
      y={y}
      caption={missing > 0 && `${counted(missing, "run")} without one of the two left out.`}
    >
      {places.map((place) => (
        <Link key={place.run.id} to="/runs/$runId" params={{ runId: place.run.id }} aria-label={place.run.name}>
          <title>{place.run.name}</title>
          <circle cx={place.x} cy={place.y} r={6} style={{ fill: colorOf(place.run.id) }} fillOpacity={0.85} />
        </Link>
      ))}
    </PlotFrame>
  );
}
