// kawat parse: what would be extracted from a page in a file.
#include <iostream>
#include <memory>

#include "absl/strings/str_join.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/status.h"
#include "cli/command.h"
#include "cli/json.h"
#include "kawat/v1/parse_service.pb.h"
#include "services/parse/grpc_convert.h"
#include "services/parse/parse_page.h"

namespace kawat::cli {
namespace {

constexpr std::size_t kMaxPageBytes = 20 << 20;

struct ParseOptions {
  std::string file;
  std::string url;
  std::string content_type;
  bool json = false;
};

absl::StatusOr<std::string> ReadPage(const std::string& file) {
  return base::ReadFile(file == "-" ? "/dev/stdin" : file, kMaxPageBytes);
}

void Print(const v1::ParsePageResponse& page) {
  if (!page.has_article()) {
    std::cout << "no article: " << v1::Reason_Name(page.reason()) << " " << page.detail() << "\n";
  } else {
    const v1::Article& article = page.article();
    std::cout << article.title() << "\n" << absl::StrJoin(article.authors(), ", ") << "\n\n" << article.body() << "\n";
    if (!article.copyright().empty()) {
      std::cout << "\n" << article.copyright() << "\n";
    }
  }
  std::cout << "\n" << page.links_size() << " links\n";
  for (const v1::TraceStep& step : page.trace()) {
    std::cout << step.field() << " by " << step.rule() << ": " << step.value() << "\n";
  }
}

absl::Status Parse(const ParseOptions& options) {
  KAWAT_ASSIGN_OR_RETURN(const std::string bytes, ReadPage(options.file));
  const parse::ParsedPage page = parse::ParsePageContent({.url = options.url,
                                                          .bytes = bytes,
                                                          .content_type = options.content_type,
                                                          .fetched_time = base::SystemClock().Now()});
  v1::ParsePageResponse response;
  parse::ToProto(page, parse::kAllLinks, response);
  if (options.json) {
    std::cout << ToJson(response) << "\n";
  } else {
    Print(response);
  }
  return absl::OkStatus();
}

}  // namespace

void AddParse(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<ParseOptions>();
  CLI::App* command = app.add_subcommand("parse", "What would be extracted from a page, and which rule gave what");
  command->footer(
      "Examples:\n  kawat parse page.html --url https://example.org/a\n  curl -s URL | kawat parse - --url URL --json");
  command->add_option("FILE", options->file, "The page, not compressed; - reads standard input")->required();
  command->add_option("--url", options->url, "Where it came from")->required();
  command->add_option("--content-type", options->content_type, "As the server said; default: looked for in the page");
  command->add_flag("--json", options->json, "JSON, for scripts");
  command->callback([options, &chosen] { chosen.run = [options] { return Parse(*options); }; });
}

}  // namespace kawat::cli
