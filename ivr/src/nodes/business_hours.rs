//! `business_hours`: one way while it is open, another while it is closed.

use jiff::tz::TimeZone;
use kernel::hours::Calendar;

use crate::given::Given;
use crate::node::{By, Complaint, Help, Kind, Media, Next, Node, Param, Takes};
use crate::scene::Scene;

/// See the help.
pub const KIND: Kind = Kind {
    name: "business_hours",
    title: Help { en: "Business hours", zh: "营业时间" },
    media: Media::VoiceAndText,
    help: Help {
        en: "Goes one way while the business is open and another while it is closed. Days may have several intervals; one that ends on the next day (`22:00-02:00`) belongs to the day on which it began; days that are not named are closed. Daylight saving time follows the zone.",
        zh: "营业时间内走一条路，非营业时间走另一条路。每天可有多个时段；跨午夜的时段（`22:00-02:00`）属于开始的那一天；未列出的日子不营业。夏令时按时区自动处理。",
    },
    params: &[
        Param {
            name: "closed",
            takes: Takes::Step(By::Itself),
            required: true,
            help: Help { en: "The step that follows while it is closed.", zh: "非营业时间的步骤。" },
        },
        Param {
            name: "days",
            takes: Takes::Days,
            required: true,
            help: Help { en: "Hours by day.", zh: "每天的营业时段。" },
        },
        Param {
            name: "holidays",
            takes: Takes::Dates,
            required: false,
            help: Help {
                en: "Days that are closed whatever weekday they are, or have hours of their own.",
                zh: "节假日：当天不营业，或另有营业时段。",
            },
        },
        Param {
            name: "open",
            takes: Takes::Step(By::Itself),
            required: true,
            help: Help { en: "The step that follows while it is open.", zh: "营业时间内的步骤。" },
        },
        Param {
            name: "zone",
            takes: Takes::Zone,
            required: true,
            help: Help {
                en: "The time zone in which the hours are meant.", zh: "营业时间所用的时区。"
            },
        },
    ],
    example: r#"[steps.are_we_open]
kind = "business_hours"
zone = "Asia/Shanghai"
days = { mon-fri = ["09:00-12:00", "13:30-18:00"], sat = "10:00-14:00" }
holidays = ["01-01", "10-01", "2027-02-06", "12-31 09:00-12:00"]
open = "to_support"
closed = "bye"

[steps.to_support]
kind = "queue"
queue = "support"

[steps.bye]
kind = "hangup"
prompts = "goodbye"
"#,
    make,
};

fn make(given: &mut Given) -> Result<Box<dyn Node>, Complaint> {
    Ok(Box::new(Hours {
        calendar: Calendar {
            zone: given.zone("zone").unwrap_or(TimeZone::UTC),
            week: given.days("days").unwrap_or_default(),
            holidays: given.dates("holidays"),
        },
        open: given.step("open").unwrap_or_default(),
        closed: given.step("closed").unwrap_or_default(),
    }))
}

#[derive(Debug)]
struct Hours {
    calendar: Calendar,
    open: String,
    closed: String,
}

impl Node for Hours {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        let open = self.calendar.is_open(scene.now());
        Next::Go(if open { &self.open } else { &self.closed }.clone())
    }
}
