//! The program `voxdesk`: configuration, the drivers that touch sockets, threads, clocks and the disk, and how all is joined.
//!
//! Promises: decides nothing a customer can notice except by failing; every queue is bounded (`limits`).
//! Leaves to others: what to do (the cores), the record (`store`), people's pages (`api`).

mod admission;
pub mod asr_pool;
mod bans;
mod bench_command;
mod callbacks;
mod catching_up;
mod channels;
pub mod clock;
mod codecs;
pub mod command_line;
pub mod config;
mod credentials;
mod errands;
mod event_hooks;
mod extensions;
mod floor;
mod flow_command;
mod flows;
mod http_voice;
mod import_command;
mod interaction_task;
pub mod ladder;
pub mod limits;
pub mod media_loop;
mod models_command;
pub mod net;
pub mod observe;
pub mod pages;
mod posts;
mod prompts;
mod recorder;
pub mod recording;
mod registry;
mod route_command;
mod router_task;
mod serve;
mod shared;
mod silencing;
mod simulate_command;
mod sip_events;
mod sources;
mod speaking;
mod speech_model;
pub mod stop;
mod tapes;
pub mod tls;
mod transcribe_command;
mod trunks;
pub mod voices;
pub mod webrtc;
