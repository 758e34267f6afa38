// kawat sources add|list|remove.
#include <iostream>
#include <memory>
#include <vector>

#include "absl/time/time.h"
#include "article/convert.h"
#include "base/status.h"
#include "cli/client.h"
#include "cli/command.h"
#include "cli/flags.h"
#include "cli/json.h"
#include "cli/terminal.h"
#include "kawat/v1/fetch_service.grpc.pb.h"

namespace kawat::cli {
namespace {

struct SourceOptions {
  Server fetch = {"fetch", kDefaultFetch};
  std::string id, name, group, homepage, language, country, time_zone, min_delay, poll_interval;
  std::vector<std::string> feeds, sitemaps;
  bool json = false;
};

absl::Status SetDuration(const std::string& text, const char* flag, google::protobuf::Duration* out) {
  absl::Duration duration;
  if (!absl::ParseDuration(text, &duration) || duration <= absl::ZeroDuration()) {
    return absl::InvalidArgumentError(std::string(flag) + " must be a duration such as \"500ms\" or \"2s\", not \"" +
                                      text + "\"");
  }
  article::ToProto(duration, *out);
  return absl::OkStatus();
}

absl::Status Add(const SourceOptions& options) {
  v1::CreateSourceRequest request;
  v1::Source& source = *request.mutable_source();
  source.set_id(options.id);
  source.set_name(options.name.empty() ? options.id : options.name);
  source.set_group(options.group);
  source.set_homepage_url(options.homepage);
  *source.mutable_feed_urls() = {options.feeds.begin(), options.feeds.end()};
  *source.mutable_sitemap_urls() = {options.sitemaps.begin(), options.sitemaps.end()};
  source.set_language(options.language);
  source.set_country(options.country);
  source.set_time_zone(options.time_zone);
  if (!options.min_delay.empty()) {
    KAWAT_RETURN_IF_ERROR(SetDuration(options.min_delay, "--min-delay", source.mutable_min_delay()));
  }
  if (!options.poll_interval.empty()) {
    KAWAT_RETURN_IF_ERROR(SetDuration(options.poll_interval, "--poll-interval", source.mutable_poll_interval()));
  }
  v1::CreateSourceResponse response;
  KAWAT_RETURN_IF_ERROR(Call(options.fetch, &v1::FetchService::Stub::CreateSource, request, response));
  if (options.json) {
    std::cout << ToJson(response.source()) << "\n";
  } else {
    Print("added " + response.source().id() + "\n");
  }
  return absl::OkStatus();
}

absl::Status List(const SourceOptions& options) {
  v1::ListSourcesRequest request;
  v1::ListSourcesResponse all;
  do {
    v1::ListSourcesResponse response;
    KAWAT_RETURN_IF_ERROR(Call(options.fetch, &v1::FetchService::Stub::ListSources, request, response));
    request.set_page_token(response.next_page_token());
    response.clear_next_page_token();
    all.MergeFrom(response);
  } while (!request.page_token().empty());
  if (options.json) {
    std::cout << ToJson(all) << "\n";
    return absl::OkStatus();
  }
  for (const v1::Source& source : all.sources()) {
    Print(source.id() + "\t" + source.name() + "\t" + source.group() + "\t" +
          (source.feed_urls().empty() ? source.homepage_url() : source.feed_urls(0)) + "\n");
  }
  return absl::OkStatus();
}

absl::Status Remove(const SourceOptions& options) {
  v1::DeleteSourceRequest request;
  request.set_id(options.id);
  v1::DeleteSourceResponse response;
  KAWAT_RETURN_IF_ERROR(Call(options.fetch, &v1::FetchService::Stub::DeleteSource, request, response));
  std::cout << (options.json ? ToJson(response) : "removed " + options.id) << "\n";
  return absl::OkStatus();
}

void AddCommon(CLI::App& command, SourceOptions& options) {
  AddFetchFlag(command, options.fetch);
  AddJsonFlag(command, options.json);
}

}  // namespace

void AddSources(CLI::App& app, Chosen& chosen) {
  CLI::App* sources = app.add_subcommand("sources", "What is crawled");
  sources->require_subcommand(1);
  sources->footer("Examples:\n  kawat sources list\n  kawat sources add --help");
  auto options = std::make_shared<SourceOptions>();

  CLI::App* add = sources->add_subcommand("add", "Crawl a publisher");
  add->footer(
      "Example:\n  kawat sources add --id japantoday --name \"JAPAN TODAY\" --group \"Media Jepang\" --feed "
      "https://example.org/feed");
  add->add_option("--id", options->id, "Lower-case letters, digits and hyphens")->required();
  add->add_option("--name", options->name, "As readers see it; default: the id");
  add->add_option("--group", options->group, "\"Media Jepang\"");
  add->add_option("--homepage", options->homepage, "URL whose links are followed");
  add->add_option("--feed", options->feeds, "URL of an RSS or Atom feed; may be repeated");
  add->add_option("--sitemap", options->sitemaps, "URL of a sitemap; may be repeated");
  add->add_option("--language", options->language, "BCP 47: id, en, ja");
  add->add_option("--country", options->country, "ISO 3166-1 alpha-2: id, jp");
  add->add_option("--time-zone", options->time_zone, "IANA name, for times without a zone");
  add->add_option("--min-delay", options->min_delay, "Between two requests to one host: 500ms, 2s");
  add->add_option("--poll-interval", options->poll_interval, "How often feeds are asked: 60s");
  AddCommon(*add, *options);
  add->callback([options, &chosen] { chosen.run = [options] { return Add(*options); }; });

  CLI::App* list = sources->add_subcommand("list", "All sources, by id");
  list->footer("Example:\n  kawat sources list --json");
  AddCommon(*list, *options);
  list->callback([options, &chosen] { chosen.run = [options] { return List(*options); }; });

  CLI::App* remove = sources->add_subcommand("remove", "Crawl a publisher no more; its articles stay");
  remove->add_option("ID", options->id, "The source's id")->required();
  remove->footer(
      "Example:\n  kawat sources remove japantoday\n"
      "A source that stands in the configuration file comes back with the next start: take it out there, too.");
  AddCommon(*remove, *options);
  remove->callback([options, &chosen] { chosen.run = [options] { return Remove(*options); }; });
}

}  // namespace kawat::cli
