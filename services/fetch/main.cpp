// kawat-fetch: asks the web, politely, and remembers how it went. Wiring: service.h. What is opened before:
// libs/runtime/main.h.
#include "runtime/main.h"

#include "services/fetch/service.h"

int main(int argc, char** argv) {
  return kawat::runtime::Main<kawat::fetch::Service>(argc, argv, "kawat-fetch", kawat::fetch::ParseConfig);
}
