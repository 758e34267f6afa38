// kawat-dedupe: decides which parsed articles are new, changed or copies. Wiring: service.h. What is opened before:
// libs/runtime/main.h.
#include "runtime/main.h"

#include "services/dedupe/service.h"

int main(int argc, char** argv) {
  return kawat::runtime::Main<kawat::dedupe::Service>(argc, argv, "kawat-dedupe", kawat::dedupe::ParseConfig);
}
