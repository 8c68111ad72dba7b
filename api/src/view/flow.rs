//! Flows as the studio's page sees them.

use std::collections::BTreeMap;

use desk::{FlowDraft, FlowOrigin, FlowVersion, LineChange, LineFate};
use ivr::{Fields, KindSchema, Leads, ParamSchema, Sketch, SketchPart, Whose, Wrong};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::Stamp;

/// A text in every language that people read.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowHelp)]
pub(crate) struct HelpView {
    /// English.
    pub en: String,
    /// 简体中文.
    pub zh: String,
}

/// A kind of step.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowKind)]
pub(crate) struct KindView {
    /// As written after `kind =`.
    pub name: String,
    /// What people call it.
    pub title: HelpView,
    /// `voice`, `video`, `text`: whom it can serve.
    pub media: Vec<String>,
    /// What it is for.
    pub help: HelpView,
    /// Its parameters, sorted by name.
    pub params: Vec<ParamView>,
    /// Steps in TOML that show it; the first is of this kind.
    pub example: String,
}

/// A parameter of a kind.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowParam)]
pub(crate) struct ParamView {
    /// As written.
    pub name: String,
    /// Stable name of what it takes, such as `step`, `prompts`, `seconds`; new ones may come.
    #[serde(rename = "type")]
    pub takes: String,
    /// How it is written, in words (English).
    pub shape: String,
    /// Whether it must be there.
    pub required: bool,
    /// What it does, and what holds without it.
    pub help: HelpView,
    /// Least value of a number or span.
    pub min: Option<i64>,
    /// Most.
    pub max: Option<i64>,
    /// The values that there are, when they are few.
    pub choices: Vec<String>,
    /// For what leads to another step: `people` when somebody brings it about, `itself` otherwise.
    pub leads: Option<String>,
}

impl From<KindSchema> for KindView {
    fn from(kind: KindSchema) -> Self {
        Self {
            name: kind.name.to_owned(),
            title: help(kind.title),
            media: kind.media.iter().map(|medium| (*medium).to_owned()).collect(),
            help: help(kind.help),
            params: kind.params.into_iter().map(ParamView::from).collect(),
            example: kind.example.to_owned(),
        }
    }
}

impl From<ParamSchema> for ParamView {
    fn from(param: ParamSchema) -> Self {
        Self {
            name: param.name.to_owned(),
            takes: param.takes.to_owned(),
            shape: param.shape,
            required: param.required,
            help: help(param.help),
            min: param.min,
            max: param.max,
            choices: param.choices.into_iter().map(str::to_owned).collect(),
            leads: param.leads.map(str::to_owned),
        }
    }
}

fn help(help: ivr::Help) -> HelpView {
    HelpView { en: help.en.to_owned(), zh: help.zh.to_owned() }
}

/// Everything that flows are made of.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowKinds)]
pub(crate) struct KindsView {
    /// Kinds of steps.
    pub kinds: Vec<KindView>,
    /// Queues that there are.
    pub queues: Vec<String>,
    /// Agents that there are.
    pub agents: Vec<String>,
}

/// Which part of a flow something is about.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = FlowPartName)]
pub(crate) enum PartName {
    /// None in particular.
    Flow,
    /// An entry.
    Entry,
    /// A prompt.
    Prompt,
    /// A step.
    Step,
}

/// A problem: `FILE:LINE:COLUMN: found; right`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowProblem)]
pub(crate) struct ProblemView {
    /// File.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
    /// What was found.
    pub found: String,
    /// What would be right.
    pub right: String,
    /// What kind of part it is about.
    pub part: PartName,
    /// The name of that part; empty for the flow as a whole.
    pub name: String,
}

impl From<Wrong> for ProblemView {
    fn from(wrong: Wrong) -> Self {
        let (part, name) = match wrong.whose {
            Whose::Flow => (PartName::Flow, String::new()),
            Whose::Entry(name) => (PartName::Entry, name),
            Whose::Prompt(name) => (PartName::Prompt, name),
            Whose::Step(name) => (PartName::Step, name),
        };
        let Wrong { file, line, column, found, right, .. } = wrong;
        Self { file, line, column, found, right, part, name }
    }
}

/// A way from a part to a step.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowWay)]
pub(crate) struct WayView {
    /// Where in the part it is written: names of fields and places in lists.
    pub path: Vec<String>,
    /// The step.
    pub to: String,
    /// `people` when somebody brings it about, `itself` otherwise.
    pub by: String,
}

/// An entry, a prompt or a step.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowPart)]
pub(crate) struct PartView {
    /// Its name.
    pub name: String,
    /// Line where it begins, from 1.
    pub line: usize,
    /// What is written in it.
    #[schema(value_type = BTreeMap<String, Value>)]
    pub fields: Fields,
    /// Ways out of it.
    pub ways: Vec<WayView>,
}

impl From<SketchPart> for PartView {
    fn from(part: SketchPart) -> Self {
        let way = |way: Leads| WayView { path: way.path, to: way.to, by: way.by.to_owned() };
        Self {
            name: part.name,
            line: part.line,
            fields: part.fields,
            ways: part.ways.into_iter().map(way).collect(),
        }
    }
}

/// A flow as it is drawn.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowSketch)]
pub(crate) struct SketchView {
    /// Whether the text is TOML at all. If not, only `problems` has anything in it.
    pub readable: bool,
    /// What is written about the flow as a whole.
    #[schema(value_type = BTreeMap<String, Value>)]
    pub about: Fields,
    /// Where customers come in.
    pub entries: Vec<PartView>,
    /// What is said.
    pub prompts: Vec<PartView>,
    /// What happens.
    pub steps: Vec<PartView>,
    /// All that is wrong, in the order of the file.
    pub problems: Vec<ProblemView>,
}

impl From<Sketch> for SketchView {
    fn from(sketch: Sketch) -> Self {
        let parts = |parts: Vec<SketchPart>| parts.into_iter().map(PartView::from).collect();
        Self {
            readable: sketch.readable,
            about: sketch.about,
            entries: parts(sketch.entries),
            prompts: parts(sketch.prompts),
            steps: parts(sketch.steps),
            problems: sketch.problems.into_iter().map(ProblemView::from).collect(),
        }
    }
}

/// Where a version came from.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FlowOrigin)]
pub(crate) enum FlowOriginName {
    /// The configured file.
    File,
    /// A draft.
    Draft,
    /// An earlier version.
    Restored,
}

/// A published version, without its text.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowVersion)]
pub(crate) struct VersionView {
    /// From 1.
    pub version: i64,
    /// Where it came from.
    #[schema(value_type = FlowOriginName)]
    pub origin: FlowOrigin,
    /// The version whose text it has again.
    pub restores: Option<i64>,
    /// Who published it.
    pub author: String,
    /// When.
    pub at: Stamp,
    /// Why.
    pub note: String,
}

impl From<&FlowVersion> for VersionView {
    fn from(version: &FlowVersion) -> Self {
        Self {
            version: version.version,
            origin: version.origin,
            restores: version.restores,
            author: version.author.clone(),
            at: Stamp(version.at),
            note: version.note.clone(),
        }
    }
}

/// Work on the next version, without its text.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowDraft)]
pub(crate) struct DraftView {
    /// Counted up with every save.
    pub revision: i64,
    /// The version that it began from; 0: none.
    pub base: i64,
    /// Who saved last.
    pub author: String,
    /// When.
    pub at: Stamp,
}

impl From<&FlowDraft> for DraftView {
    fn from(draft: &FlowDraft) -> Self {
        Self { revision: draft.revision, base: draft.base, author: draft.author.clone(), at: Stamp(draft.at) }
    }
}

/// A flow as lists show it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Flow)]
pub(crate) struct FlowView {
    /// Its name.
    pub name: String,
    /// The file, as problems name it.
    pub file: String,
    /// What the version in service calls itself; its name when it was never published.
    pub title: String,
    /// The version in service; null: never published.
    pub published: Option<VersionView>,
    /// The draft, if there is one.
    pub draft: Option<DraftView>,
    /// What is dialled to get there.
    pub numbers: Vec<String>,
    /// Customers in it now.
    pub here: usize,
}

/// A flow with a text: the draft's if there is one, else that of the version in service.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FlowDetail {
    /// The flow.
    #[serde(flatten)]
    pub flow: FlowView,
    /// The text, TOML.
    pub source: String,
    /// Places of steps on the canvas: step to `[x, y]`.
    pub layout: BTreeMap<String, [f64; 2]>,
    /// The text as it is drawn, with all that is wrong with it.
    pub sketch: SketchView,
}

/// A version with its text.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FlowVersionDetail {
    /// The version.
    #[serde(flatten)]
    pub version: VersionView,
    /// The text, TOML.
    pub source: String,
    /// Places of steps on the canvas.
    pub layout: BTreeMap<String, [f64; 2]>,
}

/// What became of a line.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = LineFate)]
pub(crate) enum LineFateName {
    /// In both.
    Same,
    /// Only in the old text.
    Removed,
    /// Only in the new one.
    Added,
}

/// A line of a difference.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LineChange)]
pub(crate) struct DifferenceLine {
    /// What became of it.
    #[schema(value_type = LineFateName)]
    pub fate: LineFate,
    /// Its number in the old text.
    pub old: Option<usize>,
    /// Its number in the new text.
    pub new: Option<usize>,
    /// The line.
    pub text: String,
}

impl From<LineChange> for DifferenceLine {
    fn from(line: LineChange) -> Self {
        Self { fate: line.fate, old: line.old, new: line.new, text: line.text }
    }
}

/// Places of steps as they are kept; what is kept wrongly is as good as nothing.
pub(crate) fn layout(text: &str) -> BTreeMap<String, [f64; 2]> {
    serde_json::from_str(text).unwrap_or_default()
}

/// A change to the text of a flow. Values are JSON; null takes out.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "edit", rename_all = "snake_case")]
pub(crate) enum FlowEdit {
    /// Says something about the flow as a whole (`name`, `description`).
    About {
        field: String,
        #[schema(value_type = Option<Value>)]
        value: Option<Value>,
    },
    /// A new step at the end.
    AddStep { name: String, kind: String },
    /// Takes a step out, and with it every way that leads there.
    RemoveStep { name: String },
    /// Gives a step another name, also where ways lead to it.
    RenameStep { name: String, to: String },
    /// Sets a value in a step; the path is that of a way, or names a field.
    Set {
        step: String,
        path: Vec<String>,
        #[schema(value_type = Option<Value>)]
        value: Option<Value>,
    },
    /// Sets an entry: a step's name, or a table.
    SetEntry {
        name: String,
        #[schema(value_type = Option<Value>)]
        value: Option<Value>,
    },
    /// Sets a field of a prompt, which is made when it is not there.
    SetPrompt {
        name: String,
        field: String,
        #[schema(value_type = Option<Value>)]
        value: Option<Value>,
    },
    /// Takes a prompt out.
    RemovePrompt { name: String },
}

/// Something that the invented customer of a trial does, or that happens to them.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "move", rename_all = "snake_case")]
pub(crate) enum FlowMove {
    /// They press a key.
    Key { key: char },
    /// They say or write something.
    Say { text: String },
    /// Time passes.
    Wait { millis: u64 },
    /// Time passes until something happens.
    Next,
    /// Whoever they wait for answers.
    Answered,
    /// Whoever they wait for cannot be had, or the server that is asked does not answer: `busy`, `no_answer`, `unreachable`,
    /// `refused`, `timeout`.
    Failed { code: String },
    /// The server that is asked answers.
    Replied { status: u16, body: String },
    /// The person who is looked for is found; without a name: nobody is known.
    Found { name: Option<String> },
    /// The other side hangs up.
    Parted,
    /// Their place in the line is told, and the likely minutes when they can be said with some right.
    Placed { place: u32, minutes: Option<u32> },
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_documented_edits_are_those_that_are_understood() {
        for edit in [
            json!({"edit": "about", "field": "name", "value": "x"}),
            json!({"edit": "add_step", "name": "a", "kind": "b"}),
            json!({"edit": "remove_step", "name": "a"}),
            json!({"edit": "rename_step", "name": "a", "to": "b"}),
            json!({"edit": "set", "step": "a", "path": ["keys", "1"], "value": {"x": [1, 2.5, true]}}),
            json!({"edit": "set_entry", "name": "1000", "value": null}),
            json!({"edit": "set_prompt", "name": "a", "field": "en", "value": "x"}),
            json!({"edit": "remove_prompt", "name": "a"}),
        ] {
            let documented: FlowEdit = serde_json::from_value(edit.clone()).expect("documented");
            let understood: ivr::Edit = serde_json::from_value(edit.clone()).expect("understood");
            let back = |value: serde_json::Result<Value>| value.expect("serialises");
            assert_eq!(back(serde_json::to_value(documented)), edit);
            assert_eq!(back(serde_json::to_value(understood)), edit);
        }
    }
    #[test]
    fn the_documented_moves_are_those_that_are_understood() {
        for one in [
            json!({"move": "key", "key": "1"}),
            json!({"move": "placed", "place": 3, "minutes": 5}),
            json!({"move": "say", "text": "hi"}),
            json!({"move": "wait", "millis": 5}),
            json!({"move": "next"}),
            json!({"move": "answered"}),
            json!({"move": "failed", "code": "busy"}),
            json!({"move": "parted"}),
        ] {
            let documented: FlowMove = serde_json::from_value(one.clone()).expect("documented");
            let understood: ivr::Move = serde_json::from_value(one.clone()).expect("understood");
            assert_eq!(serde_json::to_value(documented).expect("serialises"), one);
            assert_eq!(serde_json::to_value(understood).expect("serialises"), one);
        }
    }
}
