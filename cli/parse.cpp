// kawat parse: what would be extracted from a page in a file.
#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/status.h"
#include "cli/command.h"
#include "cli/flags.h"
#include "cli/json.h"
#include "cli/terminal.h"
#include "kawat/v1/parse_service.pb.h"
#include "services/parse/content_encoding.h"
#include "services/parse/grpc_convert.h"
#include "services/parse/parse_page.h"
#include "url/url.h"

namespace kawat::cli {
namespace {

struct ParseOptions {
  std::string file;
  std::string url;
  std::string content_type;
  bool json = false;
};

absl::StatusOr<std::string> ReadPage(const std::string& file) {
  return base::ReadFile(file == "-" ? "/dev/stdin" : file, parse::kMaxDecodedBytes);
}

void PrintPage(const v1::ParsePageResponse& page) {
  std::string text;
  if (!page.has_article()) {
    absl::StrAppend(&text, "no article: ", v1::Reason_Name(page.reason()), page.detail().empty() ? "" : ", ",
                    page.detail(), "\n");
  } else {
    const v1::Article& article = page.article();
    absl::StrAppend(&text, article.title(), "\n", absl::StrJoin(article.authors(), ", "), "\n\n", article.body(), "\n");
    if (!article.copyright().empty()) {
      absl::StrAppend(&text, "\n", article.copyright(), "\n");
    }
  }
  absl::StrAppend(&text, "\n", page.links_size(), " links\n");
  for (const v1::TraceStep& step : page.trace()) {
    absl::StrAppend(&text, step.field(), " by ", step.rule(), ": ", step.value(), "\n");
  }
  Print(text);
}

absl::Status Parse(const ParseOptions& options) {
  KAWAT_RETURN_IF_ERROR(base::Annotate(url::Url::Parse(options.url).status(), "--url"));
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
    PrintPage(response);
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
  AddJsonFlag(*command, options->json);
  command->callback([options, &chosen] { chosen.run = [options] { return Parse(*options); }; });
}

}  // namespace kawat::cli
