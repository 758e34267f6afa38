// kawat-store: keeps articles, finds them, and answers readers. Wiring: service.h. What is opened before:
// libs/runtime/main.h.
#include "runtime/main.h"

#include "services/store/service.h"

int main(int argc, char** argv) {
  return kawat::runtime::Main<kawat::store::Service>(argc, argv, "kawat-store", kawat::store::ParseConfig);
}
