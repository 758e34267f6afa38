#include "article/convert.h"

#include <optional>
#include <string>
#include <vector>

#include "kawat/v1/article.pb.h"
#include "kawat/v1/crawl.pb.h"
#include "kawat/v1/source.pb.h"

namespace kawat::article {
namespace {

std::optional<absl::Time> Optional(bool present, const google::protobuf::Timestamp& in) {
  return present ? std::optional(FromProto(in)) : std::nullopt;
}

template <class Repeated>
std::vector<std::string> Strings(const Repeated& in) {
  return {in.begin(), in.end()};
}

}  // namespace

void ToProto(absl::Time time, google::protobuf::Timestamp& out) {
  absl::Duration rest;
  out.set_seconds(absl::IDivDuration(time - absl::UnixEpoch(), absl::Seconds(1), &rest));
  if (rest < absl::ZeroDuration()) {
    out.set_seconds(out.seconds() - 1);
    rest += absl::Seconds(1);
  }
  out.set_nanos(static_cast<std::int32_t>(absl::ToInt64Nanoseconds(rest)));
}

absl::Time FromProto(const google::protobuf::Timestamp& in) {
  return absl::FromUnixSeconds(in.seconds()) + absl::Nanoseconds(in.nanos());
}

void ToProto(absl::Duration duration, google::protobuf::Duration& out) {
  absl::Duration rest;
  out.set_seconds(absl::IDivDuration(duration, absl::Seconds(1), &rest));
  out.set_nanos(static_cast<std::int32_t>(absl::ToInt64Nanoseconds(rest)));
}

absl::Duration FromProto(const google::protobuf::Duration& in) {
  return absl::Seconds(in.seconds()) + absl::Nanoseconds(in.nanos());
}

void ToProto(const Source& source, v1::Source& out) {
  out.set_id(source.id);
  out.set_name(source.name);
  out.set_group(source.group);
  out.set_homepage_url(source.homepage_url);
  *out.mutable_feed_urls() = {source.feed_urls.begin(), source.feed_urls.end()};
  *out.mutable_sitemap_urls() = {source.sitemap_urls.begin(), source.sitemap_urls.end()};
  out.set_language(source.language);
  out.set_country(source.country);
  out.set_time_zone(source.time_zone);
  if (source.min_delay > absl::ZeroDuration()) {
    ToProto(source.min_delay, *out.mutable_min_delay());
  }
  if (source.poll_interval > absl::ZeroDuration()) {
    ToProto(source.poll_interval, *out.mutable_poll_interval());
  }
  out.set_max_depth(source.max_depth);
}

Source FromProto(const v1::Source& in) {
  return {.id = in.id(),
          .name = in.name(),
          .group = in.group(),
          .homepage_url = in.homepage_url(),
          .feed_urls = Strings(in.feed_urls()),
          .sitemap_urls = Strings(in.sitemap_urls()),
          .language = in.language(),
          .country = in.country(),
          .time_zone = in.time_zone(),
          .min_delay = FromProto(in.min_delay()),
          .poll_interval = FromProto(in.poll_interval()),
          .max_depth = in.max_depth()};
}

void ToProto(const Link& link, v1::Link& out) {
  out.set_url(link.url);
  out.set_kind(static_cast<v1::LinkKind>(link.kind));
  out.set_title(link.title);
  if (link.published_time.has_value()) {
    ToProto(*link.published_time, *out.mutable_published_time());
  }
  if (link.modified_time.has_value()) {
    ToProto(*link.modified_time, *out.mutable_modified_time());
  }
  out.set_depth(link.depth);
  *out.mutable_redirect_chain() = {link.redirect_chain.begin(), link.redirect_chain.end()};
}

Link FromProto(const v1::Link& in) {
  return {.url = in.url(),
          .kind = static_cast<LinkKind>(in.kind()),
          .title = in.title(),
          .published_time = Optional(in.has_published_time(), in.published_time()),
          .modified_time = Optional(in.has_modified_time(), in.modified_time()),
          .depth = in.depth(),
          .redirect_chain = Strings(in.redirect_chain())};
}

void ToProto(const Article& article, v1::Article& out) {
  out.set_id(article.id);
  out.set_url(article.url);
  out.set_canonical_url(article.canonical_url);
  out.set_source_id(article.source_id);
  out.set_title(article.title);
  out.set_body(article.body);
  *out.mutable_authors() = {article.authors.begin(), article.authors.end()};
  out.set_language(article.language);
  out.set_section(article.section);
  out.set_agency(article.agency);
  out.set_copyright(article.copyright);
  out.set_image_url(article.image_url);
  if (article.published_time.has_value()) {
    ToProto(*article.published_time, *out.mutable_published_time());
  }
  if (article.modified_time.has_value()) {
    ToProto(*article.modified_time, *out.mutable_modified_time());
  }
  out.set_zone_assumed(article.zone_assumed);
  ToProto(article.observed_time, *out.mutable_observed_time());
  out.set_seq(article.seq);
  out.set_extractor_version(article.extractor_version);
  out.set_text_cut(article.text_cut);
  out.set_revision(article.revision);
  out.set_cluster_id(article.cluster_id);
  out.set_original_id(article.original_id);
}

Article FromProto(const v1::Article& in) {
  return {.id = in.id(),
          .url = in.url(),
          .canonical_url = in.canonical_url(),
          .source_id = in.source_id(),
          .title = in.title(),
          .body = in.body(),
          .authors = Strings(in.authors()),
          .language = in.language(),
          .section = in.section(),
          .agency = in.agency(),
          .copyright = in.copyright(),
          .image_url = in.image_url(),
          .published_time = Optional(in.has_published_time(), in.published_time()),
          .modified_time = Optional(in.has_modified_time(), in.modified_time()),
          .zone_assumed = in.zone_assumed(),
          .observed_time = FromProto(in.observed_time()),
          .seq = in.seq(),
          .extractor_version = in.extractor_version(),
          .text_cut = in.text_cut(),
          .revision = in.revision(),
          .cluster_id = in.cluster_id(),
          .original_id = in.original_id()};
}

void ToProto(const Membership& membership, v1::Membership& out) {
  out.set_article_id(membership.article_id);
  out.set_number(membership.number);
  out.set_cluster_id(membership.cluster_id);
  out.set_relation(static_cast<v1::Relation>(membership.relation));
  out.set_original_id(membership.original_id);
}

Membership FromProto(const v1::Membership& in) {
  return {.article_id = in.article_id(),
          .number = in.number(),
          .cluster_id = in.cluster_id(),
          .relation = static_cast<Relation>(in.relation()),
          .original_id = in.original_id()};
}

void ToProto(const PageOutcome& outcome, v1::PageOutcome& out) {
  out.set_url(outcome.url);
  out.set_seq(outcome.seq);
  out.set_kind(static_cast<v1::OutcomeKind>(outcome.kind));
  out.set_reason(static_cast<v1::Reason>(outcome.reason));
  out.set_article_id(outcome.article_id);
  out.set_detail(outcome.detail);
}

PageOutcome FromProto(const v1::PageOutcome& in) {
  return {.url = in.url(),
          .seq = in.seq(),
          .kind = static_cast<OutcomeKind>(in.kind()),
          .reason = static_cast<Reason>(in.reason()),
          .article_id = in.article_id(),
          .detail = in.detail()};
}

void ToProto(const TakeDown& take_down, v1::TakeDown& out) {
  out.set_article_id(take_down.article_id);
  out.set_reason(take_down.reason);
}

TakeDown FromProto(const v1::TakeDown& in) { return {.article_id = in.article_id(), .reason = in.reason()}; }

void ToProto(const Page& page, v1::Page& out) {
  out.set_url(page.url);
  *out.mutable_redirects() = {page.redirects.begin(), page.redirects.end()};
  out.set_status(page.status);
  for (const auto& [name, value] : page.headers) {
    v1::Header& header = *out.add_headers();
    header.set_name(name);
    header.set_value(value);
  }
  out.set_seq(page.seq);
  ToProto(page.fetched_time, *out.mutable_fetched_time());
  out.set_source_id(page.source_id);
  out.set_source_language(page.source_language);
  out.set_source_time_zone(page.source_time_zone);
  out.set_kind(static_cast<v1::LinkKind>(page.kind));
  out.set_depth(page.depth);
  out.set_hint_title(page.hint_title);
  if (page.hint_published_time.has_value()) {
    ToProto(*page.hint_published_time, *out.mutable_hint_published_time());
  }
  out.set_body(page.body);
  out.set_body_sha256(page.body_sha256);
}

Page FromProto(const v1::Page& in) {
  Page page{.url = in.url(),
            .redirects = Strings(in.redirects()),
            .status = in.status(),
            .seq = in.seq(),
            .fetched_time = FromProto(in.fetched_time()),
            .source_id = in.source_id(),
            .source_language = in.source_language(),
            .source_time_zone = in.source_time_zone(),
            .kind = static_cast<LinkKind>(in.kind()),
            .depth = in.depth(),
            .hint_title = in.hint_title(),
            .hint_published_time = Optional(in.has_hint_published_time(), in.hint_published_time()),
            .body = in.body(),
            .body_sha256 = in.body_sha256()};
  for (const v1::Header& header : in.headers()) {
    page.headers.emplace_back(header.name(), header.value());
  }
  return page;
}

}  // namespace kawat::article
