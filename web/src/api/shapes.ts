// The words of the API as the pages use them: short names for what schema.d.ts (generated from the server's OpenAPI) says.
//
// Times are RFC 3339 texts in UTC (`Moment`), durations are milliseconds.

import type { components } from "./schema";

type Schemas = components["schemas"];

export type Moment = Schemas["Stamp"];
export type Channel = Schemas["Channel"];
export type ConversationState = Schemas["ConversationState"];
export type Speaker = Schemas["Speaker"];
export type TicketState = Schemas["TicketState"];
export type AgentState = Schemas["AgentState"];
export type OfferEnd = Schemas["OfferEnd"];

export type IceServers = Schemas["IceServers"];
export type CallbackChange = Schemas["ChangeCallback"];
export type WhatIf = Schemas["WhatIf"];
export type WhatIfAnswer = Schemas["WhatIfAnswer"];
export type WhatIfRow = Schemas["WhatIfRow"];
export type User = Schemas["User"];
export type Person = Schemas["Person"];
export type Conversation = Schemas["Conversation"];
export type ConversationDetail = Schemas["ConversationDetail"];
export type Writing = Schemas["Writing"];
export type Delivery = Schemas["Delivery"];
export type Entry = Schemas["Entry"];
export type Mention = Schemas["Mention"];
export type Mentions = Schemas["Mentions"];
export type Corrected = Schemas["Corrected"];
export type LineVersion = Schemas["LineVersion"];
export type Leg = Schemas["Leg"];
export type Ticket = Schemas["Ticket"];
export type TicketDetail = Schemas["TicketDetail"];
export type TicketChange = Schemas["TicketChange"];
export type Priority = Schemas["Priority"];
export type Clock = Schemas["Clock"];
export type MacroDone = Schemas["MacroDone"];
export type Customer = Schemas["Customer"];
export type CustomerDetail = Schemas["CustomerDetail"];
export type CustomerMerge = Schemas["CustomerMerge"];
export type CustomerChange = Schemas["CustomerChange"];
export type CustomerField = Schemas["CustomerField"];
export type CustomerSetup = Schemas["CustomerSetup"];
export type ConsentTo = Schemas["ConsentTo"];
export type ConsentState = Schemas["ConsentState"];
export type FieldKind = Schemas["FieldKind"];
/** What to change of a customer; what is left out stays. */
export interface CustomerEdit {
  readonly revision: number;
  readonly name?: string;
  readonly tier?: string;
  readonly tags?: readonly string[];
  readonly fields?: Readonly<Record<string, string>>;
  readonly note?: string;
  readonly consent?: Partial<Readonly<Record<ConsentTo, { state: ConsentState; how: string }>>>;
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
}
export type Article = Schemas["Article"];
export type ArticleDraft = Schemas["NewVersion"];
export type Passage = Schemas["Passage"];
export type Suggestions = Schemas["Suggestions"];
export type SipLadder = Schemas["SipLadder"];
export type SipMessage = Schemas["SipMessage"];
export type Trunk = Schemas["Trunk"];
export type Ban = Schemas["Ban"];
export type Toll = Schemas["Toll"];
export type TrunkList = Schemas["TrunkList"];
export type Uploaded = Schemas["Uploaded"];
export type NamedFile = Schemas["NamedFile"];
export type Audited = Schemas["Audited"];
export type ApiKey = Schemas["ApiKey"];
export type ApiKeyMade = Schemas["ApiKeyMade"];
export type Scope = Schemas["Scope"];
export type BadRow = Schemas["BadRow"];
export type Imported = Schemas["Imported"];
export type ImportKind = Schemas["ImportKind"];
export type ImportSource = Schemas["ImportSource"];
export type EventHook = Schemas["EventHook"];
export type EventKind = Schemas["EventKind"];
export type EventDelivery = Schemas["EventDelivery"];
export type EventReplay = Schemas["Replay"];
export type HookMade = Schemas["HookMade"];
export type HookEdit = Partial<Schemas["HookEdit"]>;
export type Transcription = Schemas["TranscriptionState"];
export type Delay = Schemas["Delay"];
export type Gap = Schemas["Gap"];
export type ImportFile = Schemas["ImportFile"];
export type ImportRow = Schemas["ImportRow"];
export type SearchHit = Schemas["SearchHit"];
export type SearchKind = Schemas["SearchKind"];
export type Report = Schemas["Report"];
export type ReportOutline = Schemas["ReportOutline"];
export type ReportFigure = Schemas["ReportFigure"];
export type ReportBy = Schemas["ReportBy"];
export type ArticleUse = Schemas["ArticleUse"];
export type Alert = Schemas["Alert"];
export type Agent = Schemas["Agent"];
export type Queue = Schemas["Queue"];
export type Offer = Schemas["Offer"];
export type OfferReason = Schemas["OfferReason"];
export type Call = Schemas["Call"];
export type WatchMode = Schemas["WatchMode"];
export type Posted = Schemas["Posted"];
export type NotePosted = Schemas["NotePosted"];
export type Session = Schemas["Session"];
export type Command = Schemas["Command"];
export type Change = Schemas["Change"];
export type RecordEvent = Schemas["Event"];

/** What the live socket carries to a staff page. */
export type Live = Schemas["LiveMessage"];
/** One kind of it. */
export type LiveOf<T extends Live["type"]> = Extract<Live, { type: T }>;
export type Preview = Omit<LiveOf<"preview">, "type">;
export type Snapshot = Omit<LiveOf<"snapshot">, "type">;

export interface Page<T> {
  items: T[];
  next: string | null;
}
