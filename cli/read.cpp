// Commands that read the store and fetch: search, get, stats, url.
#include <iostream>
#include <memory>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "article/convert.h"
#include "base/status.h"
#include "base/utf8.h"
#include "cli/client.h"
#include "cli/command.h"
#include "cli/flags.h"
#include "cli/json.h"
#include "cli/terminal.h"
#include "kawat/v1/fetch_service.grpc.pb.h"
#include "kawat/v1/store_service.grpc.pb.h"
#include "services/portal/relative_time.h"

namespace kawat::cli {
namespace {

struct ReadOptions {
  std::vector<std::string> words;  // of a query
  std::string store = kDefaultStore;
  Server fetch = {"fetch", kDefaultFetch};
  std::string id;
  std::string url;
  std::string page_token;
  int limit = 20;
  bool json = false;
};

std::string SourceLine(const v1::Article& article) {
  const std::string& name = article.source_name().empty() ? article.source_id() : article.source_name();
  return absl::StrCat(name, " | ",
                      portal::RelativeTime(article::SortTime(article::FromProto(article)), absl::Now(), "en"));
}

absl::Status Search(const ReadOptions& options) {
  const std::string query = absl::StrJoin(options.words, " ");
  if (!base::IsValidUtf8(query)) {
    return absl::InvalidArgumentError("the query is not UTF-8");
  }
  v1::SearchArticlesRequest request;
  request.set_query(query);
  request.set_page_size(options.limit);
  request.set_page_token(options.page_token);
  v1::SearchArticlesResponse response;
  KAWAT_RETURN_IF_ERROR(Call({"store", options.store}, &v1::StoreService::Stub::SearchArticles, request, response));
  if (options.json) {
    std::cout << ToJson(response) << "\n";
    return absl::OkStatus();
  }
  for (const v1::Hit& hit : response.hits()) {
    Print(absl::StrCat(hit.article().title(), "\n  ", SourceLine(hit.article()), "  ", hit.article().id(), "\n  ",
                       hit.snippet(), "\n\n"));
  }
  if (response.hits().empty()) {
    Print("nothing found\n");
  }
  if (!response.hint().empty()) {
    Print(absl::StrCat(response.hint(), "\n"));
  }
  if (!response.next_page_token().empty()) {
    Print(absl::StrCat("more: --page-token ", response.next_page_token(), "\n"));
  }
  return absl::OkStatus();
}

void PrintArticle(const v1::Article& article) {
  std::string text = absl::StrCat(article.title(), "\n", SourceLine(article));
  if (!article.authors().empty()) {
    absl::StrAppend(&text, " | ", absl::StrJoin(article.authors(), ", "));
  }
  absl::StrAppend(&text, "\n", article.canonical_url(), "\n\n", article.body(), "\n");
  if (!article.copyright().empty()) {
    absl::StrAppend(&text, "\n", article.copyright(), "\n");
  }
  absl::StrAppend(&text, "\nid ", article.id(), ", revision ", article.revision(), ", language ", article.language());
  if (!article.agency().empty()) {
    absl::StrAppend(&text, ", agency ", article.agency());
  }
  if (!article.original_id().empty()) {
    absl::StrAppend(&text, ", copy of ", article.original_id());
  }
  absl::StrAppend(&text, "\n");
  Print(text);
}

absl::Status Get(const ReadOptions& options) {
  if (options.id.empty() == options.url.empty()) {
    return absl::InvalidArgumentError("give an article's id, or --url and a URL it was seen under");
  }
  v1::GetArticleRequest request;
  if (options.url.empty()) {
    request.set_id(options.id);
  } else {
    request.set_url(options.url);
  }
  v1::GetArticleResponse response;
  KAWAT_RETURN_IF_ERROR(Call({"store", options.store}, &v1::StoreService::Stub::GetArticle, request, response));
  if (options.json) {
    std::cout << ToJson(response.article()) << "\n";
  } else {
    PrintArticle(response.article());
  }
  return absl::OkStatus();
}

absl::Status Stats(const ReadOptions& options) {
  v1::GetStatsResponse response;
  KAWAT_RETURN_IF_ERROR(
      Call({"store", options.store}, &v1::StoreService::Stub::GetStats, v1::GetStatsRequest(), response));
  if (options.json) {
    std::cout << ToJson(response) << "\n";
    return absl::OkStatus();
  }
  std::cout << response.articles() << " articles, " << response.revisions() << " revisions, " << response.clusters()
            << " clusters, " << response.sources() << " sources\n"
            << response.index_lag_records() << " stored and not yet searchable\n";
  if (response.has_newest_observed_time()) {
    std::cout << "newest observed "
              << portal::RelativeTime(article::FromProto(response.newest_observed_time()), absl::Now(), "en") << "\n";
  }
  return absl::OkStatus();
}

// "OUTCOME_KIND_NOT_MODIFIED" to "not modified".
std::string Words(std::string_view name, std::string_view prefix) {
  name.remove_prefix(name.starts_with(prefix) ? prefix.size() : 0);
  return absl::StrReplaceAll(absl::AsciiStrToLower(std::string(name)), {{"_", " "}});
}

void PrintState(const v1::UrlState& state) {
  const bool ended = state.outcome() != v1::OUTCOME_KIND_UNSPECIFIED;
  std::string text = absl::StrCat(state.url(), "\n  outcome   ",
                                  ended ? Words(v1::OutcomeKind_Name(state.outcome()), "OUTCOME_KIND_") : "none yet");
  if (state.reason() != v1::REASON_UNSPECIFIED) {
    absl::StrAppend(&text, ": ", Words(v1::Reason_Name(state.reason()), "REASON_"));
  }
  const auto line = [&text](const char* name, const std::string& value) {
    if (!value.empty()) {
      absl::StrAppend(&text, absl::StrFormat("\n  %-9s ", name), value);
    }
  };
  const auto time = [](const google::protobuf::Timestamp& at) {
    return absl::FormatTime("%Y-%m-%d %H:%M:%E3S UTC", article::FromProto(at), absl::UTCTimeZone());
  };
  line("detail", state.detail());
  line("article", state.article_id());
  line("moved to", state.moved_to());
  line("status", state.http_status() == 0 ? "" : absl::StrCat(state.http_status()));
  line("kind", Words(v1::LinkKind_Name(state.kind()), "LINK_KIND_"));
  line("source", state.source_id());
  line("requests", absl::StrCat(state.requests()));
  line("last", state.has_last_request_time() ? time(state.last_request_time()) : "never");
  line("next", state.has_next_request_time() ? time(state.next_request_time()) : "never");
  Print(text + "\n");
}

absl::Status UrlState(const ReadOptions& options) {
  v1::GetUrlStateRequest request;
  request.set_url(options.url);
  v1::GetUrlStateResponse response;
  KAWAT_RETURN_IF_ERROR(Call(options.fetch, &v1::FetchService::Stub::GetUrlState, request, response));
  if (options.json) {
    std::cout << ToJson(response.state()) << "\n";
  } else {
    PrintState(response.state());
  }
  return absl::OkStatus();
}

void AddStore(CLI::App& command, ReadOptions& options) {
  AddStoreFlag(command, options.store);
  AddJsonFlag(command, options.json);
}

}  // namespace

void AddSearch(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<ReadOptions>();
  CLI::App* command = app.add_subcommand("search", "Find articles, newest first");
  command->footer(
      "Words are all required; \"a phrase\" matches exactly; -word excludes; source:ID group:\"NAME\" lang:CODE\n"
      "site:HOST after:YYYY-MM-DD before:YYYY-MM-DD restrict; OR between two words takes either.\n\n"
      "Examples:\n"
      "  kawat search 'gempa Sulawesi'\n"
      "  kawat search '\"security guarantees\" group:\"Media Jepang\" -opinion' --json");
  command->add_option("QUERY", options->words, "What to look for; after -- it may begin with -")->required();
  command->add_option("--limit", options->limit, "At most this many hits")
      ->capture_default_str()
      ->check(CLI::Range(1, 200));
  command->add_option("--page-token", options->page_token, "Go on after an earlier answer");
  AddStore(*command, *options);
  command->callback([options, &chosen] { chosen.run = [options] { return Search(*options); }; });
}

void AddGet(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<ReadOptions>();
  CLI::App* command = app.add_subcommand("get", "Show one article");
  command->footer(
      "Examples:\n  kawat get 0123456789abcdef0123456789abcdef\n  kawat get --url https://example.org/a --json");
  command->add_option("ID", options->id, "32 hexadecimal digits");
  command->add_option("--url", options->url, "Any URL that the article was seen under");
  AddStore(*command, *options);
  command->callback([options, &chosen] { chosen.run = [options] { return Get(*options); }; });
}

void AddStats(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<ReadOptions>();
  CLI::App* command = app.add_subcommand("stats", "How much the store holds");
  command->footer("Examples:\n  kawat stats\n  kawat stats --json | jq .articles");
  AddStore(*command, *options);
  command->callback([options, &chosen] { chosen.run = [options] { return Stats(*options); }; });
}

void AddUrl(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<ReadOptions>();
  CLI::App* command = app.add_subcommand("url", "What fetch knows of a URL: its outcome, and when it is asked again");
  command->footer("Example:\n  kawat url https://example.org/a");
  command->add_option("URL", options->url, "The URL")->required();
  AddFetchFlag(*command, options->fetch);
  AddJsonFlag(*command, options->json);
  command->callback([options, &chosen] { chosen.run = [options] { return UrlState(*options); }; });
}

}  // namespace kawat::cli
