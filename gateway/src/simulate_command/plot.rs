//! A drawing of service level and wait by number of agents, as SVG: simulated, Erlang C and Erlang A.

use std::fmt::Write;

use routing::what_if::Row;

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 300.0;
const LEFT: f64 = 60.0;
const TOP: f64 = 40.0;
const PLOT: (f64, f64) = (290.0, 200.0);

/// One line of a panel: name, colour, value by row.
type Series<'a> = (&'a str, &'a str, Vec<Option<f64>>);

/// The drawing.
pub(super) fn draw(rows: &[Row], target: f64) -> String {
    let level = |row: &Row| Some(row.outcome.service_level(target) * 100.0);
    let wait = |row: &Row| Some(row.outcome.mean_wait());
    let each = |of: &dyn Fn(&Row) -> Option<f64>| rows.iter().map(of).collect::<Vec<_>>();
    let levels = [
        ("simulated", "#1d4ed8", each(&level)),
        ("Erlang C", "#b45309", each(&|row| row.theory.service_level(target).map(|part| part * 100.0))),
    ];
    let waits = [
        ("simulated", "#1d4ed8", each(&wait)),
        ("Erlang C", "#b45309", each(&|row| row.theory.erlang_c().map(|c| c.wait))),
        ("Erlang A", "#047857", each(&|row| row.theory.erlang_a().map(|a| a.wait))),
    ];
    // What grows for ever in theory must not flatten the rest.
    let most = rows.iter().filter_map(wait).fold(1.0, f64::max) * 1.4;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"white\"/>\n"
    );
    let agents: Vec<u32> = rows.iter().map(|row| row.agents).collect();
    panel(&mut svg, LEFT, &format!("answered within {target} s (%)"), 100.0, &agents, &levels);
    panel(&mut svg, LEFT + PLOT.0 + 80.0, "mean wait (s)", most, &agents, &waits);
    svg.push_str("</svg>\n");
    svg
}

fn panel(svg: &mut String, left: f64, title: &str, most: f64, agents: &[u32], series: &[Series<'_>]) {
    let (width, height) = PLOT;
    let step = width / (agents.len().max(2) - 1) as f64;
    let y = |value: f64| TOP + height - height * value.clamp(0.0, most) / most;
    // Writing to a string cannot fail.
    let _ok = writeln!(svg, "<text x=\"{left}\" y=\"{}\" font-weight=\"bold\">{title}</text>", TOP - 16.0);
    for n in 0..=4 {
        let value = most * f64::from(n) / 4.0;
        let at = y(value);
        let _ok = writeln!(
            svg,
            "<line x1=\"{left}\" y1=\"{at:.1}\" x2=\"{:.1}\" y2=\"{at:.1}\" stroke=\"#ddd\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{value:.0}</text>",
            left + width,
            left - 6.0,
            at + 4.0
        );
    }
    for (n, agents) in agents.iter().enumerate() {
        let x = left + step * n as f64;
        let _ok = writeln!(
            svg,
            "<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{agents}</text>",
            TOP + height + 18.0
        );
    }
    for (n, (name, colour, values)) in series.iter().enumerate() {
        let points = values.iter().enumerate().filter_map(|(n, value)| {
            value
                .filter(|value| *value <= most)
                .map(|value| format!("{:.1},{:.1}", left + step * n as f64, y(value)))
        });
        let points = points.collect::<Vec<_>>().join(" ");
        let _ok = writeln!(
            svg,
            "<polyline points=\"{points}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>"
        );
        let x = left + 90.0 * n as f64;
        let _ok = writeln!(
            svg,
            "<text x=\"{x:.1}\" y=\"{:.1}\" fill=\"{colour}\">{name}</text>",
            TOP + height + 40.0
        );
    }
}
