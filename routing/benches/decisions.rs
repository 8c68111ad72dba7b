//! What a decision costs: 10,000 agents with 8 skills each, 500 queues, 1,000 to 1,000,000 waiting; beside a floor measured in
//! the same run, a B-tree of as many places that one is put into and one taken out of.
//!
//! `make bench-routing`. The percentiles are of single inputs, timed one by one; the rate is of all of them in a row, pictures
//! shown every 15 ms of the router's time included. Time is that which the processor gave this thread: on a machine
//! that others use too, what they take away is not ours. (The clock costs 0.2 µs of each figure.)
#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]

use std::collections::{BTreeMap, BTreeSet};
use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, Criterion};
use kernel::{Context, InteractionId, Rng, Time};
use routing::{AgentSetup, In, Medium, Out, QueueSetup, Router, Setup, Target, Wants};

const AGENTS: u64 = 10_000;
const QUEUES: u64 = 500;
const SKILLS: u64 = 8;
const STEPS: usize = 100_000;

struct Floor {
    router: Router,
    now: Time,
    rng: Rng,
    next: u64,
    held: BTreeMap<InteractionId, kernel::AgentName>,
    out: Vec<Out>,
    waiting: Vec<InteractionId>,
}

fn setup(rng: &mut Rng) -> Setup {
    let agents = (0..AGENTS).map(|n| {
        let mut one = AgentSetup::named(format!("agent{n:05}").as_str());
        while one.skills.len() < SKILLS as usize {
            one.skills.insert(format!("q{}", rng.below(QUEUES)), 1 + rng.below(10) as u8);
        }
        one
    });
    let queues = (0..QUEUES)
        .map(|n| QueueSetup { wrapup: Duration::ZERO, ..QueueSetup::named(format!("q{n}").as_str()) });
    Setup { agents: agents.collect(), queues: queues.collect(), ..Setup::default() }
}

impl Floor {
    /// Everybody is at work and so many wait.
    fn with(waiting: u64) -> Self {
        let mut rng = Rng::seeded(1);
        let router = Router::new(setup(&mut rng));
        let now = Time::from_millis(1_000_000_000);
        let mut floor =
            Self { router, now, rng, next: 0, held: BTreeMap::new(), out: Vec::new(), waiting: Vec::new() };
        for n in 0..AGENTS {
            let agent = kernel::AgentName::new(format!("agent{n:05}"));
            floor.tell(In::Reachable { agent: agent.clone(), desk: true, phone: false });
            floor.tell(In::Ready { agent, wants: Wants::Work });
        }
        // Until nobody is free any more.
        while floor.held.len() < AGENTS as usize {
            floor.arrives();
        }
        floor.waiting.clear();
        while (floor.waiting.len() as u64) < waiting {
            floor.arrives();
        }
        floor
    }

    fn tell(&mut self, input: In) -> Duration {
        self.now = self.now + Duration::from_micros(10);
        self.out.clear();
        let mut cx = Context { now: self.now, rng: &mut self.rng };
        let began = spent();
        self.router.handle(&mut cx, input, &mut self.out);
        spent().saturating_sub(began)
    }

    fn arrives(&mut self) -> Duration {
        self.next += 1;
        let work = InteractionId { node: 1, serial: self.next };
        let target = Target::Queue(format!("q{}", self.rng.below(QUEUES)).as_str().into());
        let (medium, since, wishes) = (Medium::Voice, self.now, Box::default());
        let took = self.tell(In::Enqueued { work, target, medium, priority: 0, since, wishes });
        if self.accept().is_none() {
            self.waiting.push(work);
        }
        took
    }

    /// Whoever was offered something takes it.
    fn accept(&mut self) -> Option<Duration> {
        let offer = self.out.iter().find_map(|out| match out {
            Out::Offer { work, agent, .. } => Some((*work, agent.clone())),
            _ => None,
        });
        let (work, agent) = offer?;
        self.held.insert(work, agent.clone());
        Some(self.tell(In::Accepted { work, agent }))
    }

    /// Some agent's call ends, and they are offered the next.
    fn frees(&mut self) -> Option<Duration> {
        let from = InteractionId { node: 1, serial: self.rng.below(self.next) };
        let (work, agent) = self.held.range(from..).next().or_else(|| self.held.iter().next())?;
        let (work, agent) = (*work, agent.clone());
        self.held.remove(&work);
        Some(self.tell(In::Released { work, agent }))
    }
}

/// The processor time of this thread.
fn spent() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

fn percentile(sorted: &[Duration], part: f64) -> Duration {
    sorted[((sorted.len() - 1) as f64 * part) as usize]
}

fn micros(span: Duration) -> f64 {
    span.as_secs_f64() * 1e6
}

/// Percentiles of an arrival and of a freed agent, and how many inputs a second.
fn measure(waiting: u64) {
    let mut floor = Floor::with(waiting);
    let (mut arrivals, mut frees) = (Vec::with_capacity(STEPS), Vec::with_capacity(STEPS));
    for _ in 0..STEPS {
        arrivals.push(floor.arrives());
        frees.extend(floor.frees());
        floor.accept();
    }
    let (mut inputs, mut shows, mut sum, mut showing) = (0_u64, 0_u32, Duration::ZERO, Duration::ZERO);
    let mut show_at = floor.now + Duration::from_millis(15);
    for _ in 0..STEPS {
        sum += floor.arrives();
        sum += floor.frees().unwrap_or_default();
        inputs += 2;
        if let Some(took) = floor.accept() {
            sum += took;
            inputs += 1;
        }
        if floor.now >= show_at {
            show_at = floor.now + Duration::from_millis(15);
            let cx = Context { now: floor.now, rng: &mut floor.rng };
            let began = spent();
            floor.out.clear();
            floor.router.show(&cx, &mut floor.out);
            let took = spent().saturating_sub(began);
            (sum, showing) = (sum + took, showing + took);
            shows += 1;
        }
    }
    arrivals.sort_unstable();
    frees.sort_unstable();
    let line = |name: &str, all: &[Duration]| {
        println!(
            "{waiting:>9} waiting  {name:<8} p50 {:>7.2} µs  p99 {:>7.2} µs  p99.9 {:>7.2} µs  most {:>8.1} µs",
            micros(percentile(all, 0.5)),
            micros(percentile(all, 0.99)),
            micros(percentile(all, 0.999)),
            micros(percentile(all, 1.0))
        );
    };
    line("arrival", &arrivals);
    line("freed", &frees);
    println!(
        "{waiting:>9} waiting  {:.0} inputs/s on one core, {shows} shows of pictures included ({:.1} ms each)",
        inputs as f64 / sum.as_secs_f64(),
        (showing / shows.max(1)).as_secs_f64() * 1e3
    );
}

/// The floor: one place put into and one taken out of a B-tree of that size.
fn floor_of(waiting: u64) {
    let mut rng = Rng::seeded(2);
    let mut tree: BTreeSet<(u64, u64)> = (0..waiting).map(|n| (rng.next_u64(), n)).collect();
    let mut times = Vec::with_capacity(STEPS);
    for n in 0..STEPS as u64 {
        let began = spent();
        tree.insert((rng.next_u64(), waiting + n));
        black_box(tree.pop_first());
        times.push(spent().saturating_sub(began));
    }
    times.sort_unstable();
    println!(
        "{waiting:>9} in a B-tree, one in and one out: p50 {:.2} µs  p99 {:.2} µs  p99.9 {:.2} µs",
        micros(percentile(&times, 0.5)),
        micros(percentile(&times, 0.99)),
        micros(percentile(&times, 0.999))
    );
}

fn main() {
    for waiting in [1_000, 10_000, 100_000, 1_000_000] {
        floor_of(waiting);
        measure(waiting);
    }
    let mut criterion = Criterion::default().configure_from_args().without_plots();
    let mut floor = Floor::with(100_000);
    criterion.bench_function("an arrival, a freed agent, an answer; 100,000 waiting", |bench| {
        bench.iter_batched(
            || (),
            |()| {
                floor.arrives();
                floor.frees();
                floor.accept();
            },
            BatchSize::SmallInput,
        );
    });
    criterion.final_summary();
}
