#include "services/newsroom/newsroom.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/files.h"
#include "base/status.h"
#include "services/newsroom/pages.h"
#include "services/newsroom/plan.h"

namespace kawat::newsroom {
namespace {

constexpr int kMaxArticles = 1'000'000;
constexpr std::string_view kAnyAddress4 = "0.0.0.0:";
constexpr std::string_view kAnyAddress6 = "[::]:";

absl::Status CheckOptions(const Options& options) {
  if (options.articles < 0 || options.articles > kMaxArticles) {
    return absl::InvalidArgumentError(absl::StrCat("--articles must be from 0 to ", kMaxArticles));
  }
  if (options.rate_per_second < 0) {
    return absl::InvalidArgumentError("--rate must not be negative");
  }
  if (options.delay < absl::ZeroDuration()) {
    return absl::InvalidArgumentError("--delay must not be negative");
  }
  return absl::OkStatus();
}

absl::StatusOr<World> WorldOf(const Options& options, absl::Time start) {
  if (!options.pages.empty()) {
    return LoadPages(options.pages);
  }
  return MakeWorld(
      {.seed = options.seed, .articles = options.articles, .rate_per_second = options.rate_per_second, .start = start});
}

// Where a crawler on this machine finds it: not at "all addresses".
std::string Reachable(const std::string& address) {
  for (const std::string_view any : {kAnyAddress4, kAnyAddress6}) {
    if (address.starts_with(any)) {
      return absl::StrCat("127.0.0.1:", address.substr(any.size()));
    }
  }
  return address;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Newsroom>> Newsroom::Start(const Options& options) {
  KAWAT_RETURN_IF_ERROR(CheckOptions(options));
  base::Clock& clock = options.clock == nullptr ? base::SystemClock() : *options.clock;
  const absl::Time start = FloorToSecond(clock.Now());
  KAWAT_ASSIGN_OR_RETURN(World world, WorldOf(options, start));
  const World names = {.outlets = world.outlets, .other_hosts = world.other_hosts};
  auto site = std::make_unique<Site>(std::move(world),
                                     SiteOptions{.start = start, .delay = options.delay, .seed = options.seed}, clock);
  web::ServerOptions server_options;
  server_options.address = options.listen;
  KAWAT_ASSIGN_OR_RETURN(std::unique_ptr<web::Server> server,
                         web::Server::Start(server_options, [raw = site.get()](const web::Request& request) {
                           if (request.path != "/truth") {
                             return raw->Answer(request);
                           }
                           web::Response truth;
                           truth.content_type = "application/json";
                           truth.body = raw->TruthJson();
                           return truth;
                         }));
  std::string config = WriteConfig(names, options.delay, Reachable(server->address()));
  if (!options.write_config.empty()) {
    KAWAT_RETURN_IF_ERROR(base::Annotate(base::WriteFileAtomically(options.write_config, config), "--write-config"));
  }
  return std::unique_ptr<Newsroom>(new Newsroom(std::move(site), std::move(server), std::move(config)));
}

}  // namespace kawat::newsroom
