#include "services/parse/stage.h"

#include <map>
#include <string>
#include <utility>

#include "article/codec.h"
#include "base/status.h"
#include "bus/topics.h"
#include "services/parse/content_encoding.h"
#include "services/parse/parse_page.h"
#include "url/url.h"

namespace kawat::parse {
namespace {

// Of links in one record; the topic's limit is 1 MiB and a URL may have 2 KiB.
constexpr std::size_t kMaxBatchBytes = 512 << 10;

ParsedPage Parse(const article::Page& page) {
  const auto body = DecodeContent(page.body, page.Header("content-encoding"));
  if (!body.ok()) {
    return DeadLetterPage(article::Reason::kBadEncoding, std::string(body.status().message()));
  }
  const std::string content_type = page.Header("content-type");
  const std::string robots_tag = page.Header("x-robots-tag");
  return ParsePageContent({.url = page.url,
                           .bytes = *body,
                           .content_type = content_type,
                           .robots_tag = robots_tag,
                           .source_language = page.source_language,
                           .source_time_zone = page.source_time_zone,
                           .fetched_time = page.fetched_time,
                           .kind = page.kind,
                           .depth = page.depth,
                           .hint_title = page.hint_title,
                           .hint_published_time = page.hint_published_time});
}

void SendLinks(const article::Page& page, std::vector<article::Link> links, pipeline::Outbox& out) {
  std::map<std::string, std::vector<article::Link>> by_host;
  for (article::Link& link : links) {
    if (const auto url = url::Url::Parse(link.url); url.ok()) {
      by_host[url->host_and_port()].push_back(std::move(link));
    }
  }
  for (auto& [host, of_host] : by_host) {
    article::LinkBatch batch{.from_url = page.url, .source_id = page.source_id};
    std::size_t bytes = 0;
    const auto send = [&, &key = host] {
      if (!batch.links.empty()) {
        out.Send(bus::kLinks, "", key, article::Encode(article::LinkRecord(batch)));
      }
      batch.links.clear();
      bytes = 0;
    };
    for (article::Link& link : of_host) {
      bytes += link.url.size() + link.title.size() + 64;
      batch.links.push_back(std::move(link));
      if (batch.links.size() == article::kMaxLinksPerBatch || bytes >= kMaxBatchBytes) {
        send();
      }
    }
    send();
  }
}

void SendOutcome(const url::Url& url, article::PageOutcome outcome, pipeline::Outbox& out) {
  out.Send(bus::kLinks, "", url.host_and_port(), article::Encode(article::LinkRecord(std::move(outcome))));
}

}  // namespace

absl::Status ParseStage::Apply(const bus::Record& in, state::Txn& /*state*/, pipeline::Outbox& out) {
  if (!in.value) {
    return pipeline::BadRecord(article::Reason::kMalformedRecord, "a page without a value");
  }
  KAWAT_ASSIGN_OR_RETURN(const article::Page page, article::DecodePage(*in.value));
  KAWAT_ASSIGN_OR_RETURN(const url::Url url, url::Url::Parse(page.url));
  ParsedPage parsed = Parse(page);
  article::PageOutcome outcome{
      .url = page.url, .seq = page.seq, .kind = parsed.outcome, .reason = parsed.reason, .detail = parsed.detail};
  if (parsed.article) {
    parsed.article->url = page.url;
    parsed.article->source_id = page.source_id;
    parsed.article->seq = page.seq;
    outcome.article_id = parsed.article->id;
    out.Send(bus::kParsed, "", outcome.article_id, article::Encode(article::ParsedRecord(*std::move(parsed.article))));
  }
  SendLinks(page, std::move(parsed.links), out);
  SendOutcome(url, std::move(outcome), out);
  if (parsed.outcome == article::OutcomeKind::kDeadLetter) {
    out.Refuse(parsed.reason, parsed.detail);
  }
  return absl::OkStatus();
}

void ParseStage::Refused(const bus::Record& in, article::Reason reason, pipeline::Outbox& out) {
  const absl::StatusOr<article::Page> page = article::DecodePage(in.value.value_or(""));
  const auto url = page.ok() ? url::Url::Parse(page->url) : absl::StatusOr<url::Url>(page.status());
  if (url.ok()) {
    SendOutcome(*url, {.url = page->url, .seq = page->seq, .kind = article::OutcomeKind::kDeadLetter, .reason = reason},
                out);
  }
}

}  // namespace kawat::parse
