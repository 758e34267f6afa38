// kawat-newsroom: a synthetic news web that knows the truth about itself; `kawat-newsroom check` compares a crawl with
// it.
#include "base/main.h"

#include <CLI/CLI.hpp>

#include "base/version.h"
#include "services/newsroom/command.h"

int main(int argc, char** argv) {
  using namespace kawat;  // NOLINT(google-build-using-namespace)
  CLI::App app{"A synthetic news web on loopback, made from a seed, that knows the truth about itself"};
  app.set_version_flag("--version", std::string(base::kVersion));
  newsroom::Options options;
  newsroom::AddServeFlags(app, options);
  newsroom::CheckFlags check_flags;
  const CLI::App* check = newsroom::AddCheck(app, check_flags);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? base::kExitOk : base::kExitCannotMend;
  }
  return check->parsed() ? newsroom::RunCheck(check_flags) : newsroom::Serve(options);
}
