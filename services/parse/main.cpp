// kawat-parse: pages into articles and links. Wiring: service.h. What is opened before: libs/runtime/main.h.
#include "runtime/main.h"

#include "services/parse/service.h"

int main(int argc, char** argv) {
  return kawat::runtime::Main<kawat::parse::Service>(argc, argv, "kawat-parse", kawat::parse::ParseConfig);
}
