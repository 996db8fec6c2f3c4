# The images: their names, Dockerfiles, build arguments and labels.
#
#   docker buildx bake                   builds the images of the TypeScript engine
#   docker buildx bake engine-python     builds one image
#   docker buildx bake pipelines ingest  builds the images of all pipelines and of ingest
#
# To push a release for several platforms, use a builder that supports them
# (`docker buildx create --use`):
#
#   FIREWORKS_IMAGE_REGISTRY=ghcr.io/acme FIREWORKS_IMAGE_TAG=0.2.0 REVISION=$(git rev-parse HEAD) \
#     docker buildx bake --push --set '*.platform=linux/amd64,linux/arm64'
#
# The variables FIREWORKS_* are those of docs/operate/settings.md.

variable "FIREWORKS_IMAGE_REGISTRY" { default = "" }
variable "FIREWORKS_IMAGE_TAG" { default = "" }
# Base images and mirrors, for sites that cannot reach the public ones.
variable "FIREWORKS_NODE_IMAGE" { default = "" }
variable "FIREWORKS_NPM_REGISTRY" { default = "" }
variable "FIREWORKS_PYTHON_IMAGE" { default = "" }
variable "FIREWORKS_PIP_INDEX_URL" { default = "" }
variable "FIREWORKS_SPARK_IMAGE" { default = "" }
variable "FIREWORKS_MAVEN_URL" { default = "" }
# Labels of a release. They stay out of development builds, because an image with another label is
# another image, and its pods would be replaced after each commit.
variable "REVISION" { default = "unknown" }
variable "SOURCE" { default = "" }

# An empty variable leaves the Dockerfile's own default.
function "given" {
  params = [value]
  result = value == "" ? null : value
}

function "ref" {
  params = [name]
  result = [join("", [
    FIREWORKS_IMAGE_REGISTRY == "" ? "" : "${trimsuffix(FIREWORKS_IMAGE_REGISTRY, "/")}/",
    "fireworks/${name}:${FIREWORKS_IMAGE_TAG == "" ? "dev" : FIREWORKS_IMAGE_TAG}",
  ])]
}

function "titled" {
  params = [title]
  result = {
    "org.opencontainers.image.title"    = "Fireworks ${title}"
    "org.opencontainers.image.version"  = FIREWORKS_IMAGE_TAG == "" ? "0.0.0-dev" : FIREWORKS_IMAGE_TAG
    "org.opencontainers.image.revision" = REVISION
    "org.opencontainers.image.source"   = SOURCE
    "org.opencontainers.image.licenses" = "NOASSERTION"
  }
}

group "default" {
  targets = ["metronome", "processor", "middleware", "cli", "dashboard"]
}

target "node" {
  dockerfile = "docker/Dockerfile"
  args = {
    NODE_IMAGE   = given(FIREWORKS_NODE_IMAGE)
    NPM_REGISTRY = given(FIREWORKS_NPM_REGISTRY)
  }
}

target "metronome" {
  inherits = ["node"]
  target   = "service"
  args     = { SERVICE = "metronome", PORT = "8081" }
  tags     = ref("metronome")
  labels   = titled("metronome: one tick per device and interval")
}

target "processor" {
  inherits = ["node"]
  target   = "service"
  args     = { SERVICE = "processor", PORT = "8082" }
  tags     = ref("processor")
  labels   = titled("processor: Wiener processes, exactly once")
}

target "middleware" {
  inherits = ["node"]
  target   = "service"
  args     = { SERVICE = "middleware", PORT = "8080" }
  tags     = ref("middleware")
  labels   = titled("middleware: Kafka to websockets")
}

# Not among the default targets: only those who enable ingest need it.
target "ingest" {
  inherits = ["node"]
  target   = "service"
  args     = { SERVICE = "ingest", PORT = "8084" }
  tags     = ref("ingest")
  labels   = titled("ingest: records over HTTP")
}

# The audit and the checks that run as Jobs in the cluster.
target "cli" {
  inherits = ["node"]
  target   = "service"
  args     = { SERVICE = "cli", FOLDER = "apps/cli", PORT = "" }
  tags     = ref("cli")
  labels   = titled("CLI: audit and checks")
}

# Not among the default targets: only those who have pipelines of their own need it.
target "pipelines" {
  inherits = ["node"]
  target   = "pipelines"
  tags     = ref("pipelines")
  labels   = titled("pipelines: their sources and stages")
}

target "dashboard" {
  inherits = ["node"]
  target   = "dashboard"
  tags     = ref("dashboard")
  labels   = titled("dashboard: the page")
}

target "engine-python" {
  dockerfile = "docker/engine-python.Dockerfile"
  args = {
    PYTHON_IMAGE  = given(FIREWORKS_PYTHON_IMAGE)
    PIP_INDEX_URL = given(FIREWORKS_PIP_INDEX_URL)
  }
  tags   = ref("engine-python")
  labels = titled("Python engine: the processor on librdkafka")
}

target "engine-spark" {
  dockerfile = "docker/engine-spark.Dockerfile"
  args = {
    SPARK_IMAGE = given(FIREWORKS_SPARK_IMAGE)
    MAVEN_URL   = given(FIREWORKS_MAVEN_URL)
  }
  tags   = ref("engine-spark")
  labels = titled("Spark engine: the processor's driver and executors")
}
