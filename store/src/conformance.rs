//! What every backend must do. One function per promise; `all` runs them, each on a fresh and empty store.
//!
//! They panic with the promise that was broken, as tests do; a new backend calls [`all`] from its own test.

mod channels;
mod concurrency;
mod conversations;
mod corrections;
mod customers;
mod flows;
mod hooks;
mod imports;
mod knowledge;
mod ladders;
mod lists;
mod mentions;
mod people;
pub mod reports;
mod sample;
mod search;
mod tickets;

use std::future::Future;
use std::sync::Arc;

use crate::Store;

/// Checks every promise of [`Store`] on stores made by `make`, which must give an empty one each time.
///
/// # Panics
/// When a promise is broken.
pub async fn all<F, Fut>(make: F)
where
    F: Fn() -> Fut,
    Fut: Future<Output = Arc<dyn Store>>,
{
    conversations::a_conversation_reads_back_as_it_was_recorded(make().await).await;
    conversations::pictures_follow_the_rules_of_the_desk(make().await).await;
    conversations::a_repeated_message_is_recorded_once(make().await).await;
    conversations::what_cannot_be_applied_leaves_no_trace(make().await).await;
    conversations::strange_text_is_kept_and_read_back_the_same_everywhere(make().await).await;
    corrections::a_corrected_line_says_the_new_and_keeps_the_old(make().await).await;
    corrections::nobody_corrects_what_they_have_not_seen(make().await).await;
    corrections::confidence_and_corrections_are_counted(make().await).await;
    customers::what_staff_know_reads_back_and_every_change_is_in_the_audit_trail(make().await).await;
    customers::an_address_belongs_to_one_customer(make().await).await;
    customers::customers_are_found_by_name_number_tag_and_tier(make().await).await;
    customers::a_merge_brings_everything_and_its_split_gives_exactly_that_back(make().await).await;
    customers::merges_of_merges_part_in_the_order_of_their_making(make().await).await;
    customers::nobody_merges_what_somebody_changed_meanwhile(make().await).await;
    people::a_person_is_one_whichever_way_the_number_is_written(make().await).await;
    people::withheld_numbers_are_different_people(make().await).await;
    people::users_credentials_and_settings_are_kept(make().await).await;
    tickets::a_second_contact_joins_the_open_ticket(make().await).await;
    tickets::a_ticket_names_its_newest_conversations(make().await).await;
    tickets::a_ticket_moves_by_the_rules_of_the_desk(make().await).await;
    tickets::edits_change_what_they_name(make().await).await;
    tickets::everything_about_a_ticket_reads_back(make().await).await;
    tickets::a_merged_ticket_gives_its_conversations_to_the_other(make().await).await;
    tickets::relations_hold_on_both_sides(make().await).await;
    tickets::broken_promises_are_found_told_once_and_follow_what_was_promised(make().await).await;
    tickets::an_agents_message_is_the_first_answer(make().await).await;
    tickets::voicemails_wait_until_their_ticket_is_solved(make().await).await;
    knowledge::an_article_keeps_its_versions_and_the_same_again_is_none(make().await).await;
    knowledge::thumbs_and_gaps_are_kept(make().await).await;
    reports::the_figures_of_a_month_are_those_reckoned_by_hand(make().await).await;
    reports::who_tries_out_a_flow_is_in_no_report(make().await).await;
    reports::a_second_contact_is_no_solution_at_the_first(make().await).await;
    reports::the_time_of_agents_is_kept_and_ends_with_the_process(make().await).await;
    search::what_was_said_in_both_languages_is_found_newest_first(make().await).await;
    search::filters_of_a_search_choose(make().await).await;
    search::tickets_and_articles_are_found_as_they_now_are(make().await).await;
    search::what_was_not_recorded_is_not_found(make().await).await;
    mentions::who_is_called_in_a_note_finds_it_and_nobody_else(make().await).await;
    mentions::what_was_seen_stays_seen_and_pages_do_not_shift(make().await).await;
    ladders::the_ladder_of_a_call_is_kept_beside_it(make().await).await;
    ladders::who_takes_a_file_away_is_in_the_audit_trail(make().await).await;
    lists::lists_come_newest_first_in_pages_that_new_rows_do_not_shift(make().await).await;
    lists::filters_choose(make().await).await;
    lists::impossible_limits_and_foreign_cursors_are_refused(make().await).await;
    flows::versions_are_numbered_and_stay_as_they_were_published(make().await).await;
    flows::of_two_who_publish_at_once_one_is_refused(make().await).await;
    flows::a_draft_is_replaced_only_by_who_has_seen_it_and_used_up_by_publishing(make().await).await;
    flows::events_of_a_kind_are_found_by_when_their_conversations_began(make().await).await;
    flows::the_ways_of_customers_through_the_steps_are_counted(make().await).await;
    channels::a_message_by_a_channel_goes_to_the_outbox_with_its_entry(make().await).await;
    channels::what_came_under_a_name_is_taken_once_in_any_conversation(make().await).await;
    channels::nothing_overtakes_and_what_failed_may_be_tried_again(make().await).await;
    hooks::a_hook_begins_where_it_was_made_and_moves_only_from_where_it_is(make().await).await;
    hooks::what_somebody_asks_for_again_is_kept_until_it_was_sent(make().await).await;
    imports::what_was_imported_is_taken_in_once(make().await).await;
    concurrency::many_writers_make_one_row_of_numbers(make().await).await;
    concurrency::a_refused_writer_harms_no_other(make().await).await;
    concurrency::a_reader_never_sees_a_gap(make().await).await;
}
