// What it takes to run a generated project elsewhere: container, three hosts, CI. Constant texts without
// a secret: nothing from the sources enters them.

const DENO = "2.7.11";

const DOCKERFILE = `# Libraries first: they change less often than agents.
FROM denoland/deno:${DENO} AS build
WORKDIR /app
COPY deno.json ./
RUN deno install
COPY . .
RUN deno install --entrypoint main.ts && mkdir -p docs memory

FROM denoland/deno:${DENO}
ENV HOST=0.0.0.0 PORT=8080
WORKDIR /app
COPY --from=build --chown=deno:deno /deno-dir /deno-dir
COPY --from=build --chown=deno:deno /app /app
USER deno
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --retries=3 \\
  CMD ["deno", "eval", "const r = await fetch(\`http://127.0.0.1:\${Deno.env.get('PORT')}/health/live\`); Deno.exit(r.ok ? 0 : 1)"]
CMD ["deno", "task", "start"]
`;

const DOCKERIGNORE = `.env
.env.*
**/.env
config/secrets.env
.git
.github
node_modules
docs
memory
Dockerfile
fly.toml
railway.toml
cloudrun.yaml
README.md
package.json
smoke_test.ts
tsconfig.json
`;

const GITIGNORE = `.env
.env.*
config/secrets.env
node_modules/
docs/
memory/
`;

const RAILWAY = `[build]
builder = "DOCKERFILE"
dockerfilePath = "Dockerfile"

[deploy]
healthcheckPath = "/health/live"
healthcheckTimeout = 60
restartPolicyType = "ON_FAILURE"
restartPolicyMaxRetries = 5
`;

const FLY =
  `# fly launch --no-deploy, then: fly secrets set FLOWS_TOKEN=… OPENAI_API_KEY=…, then: fly deploy
app = "crewagent-flows"
primary_region = "fra"

[build]
dockerfile = "Dockerfile"

[env]
HOST = "0.0.0.0"
PORT = "8080"

[http_service]
internal_port = 8080
force_https = true
auto_stop_machines = "stop"
auto_start_machines = true
min_machines_running = 0

[[http_service.checks]]
grace_period = "10s"
interval = "30s"
method = "GET"
timeout = "5s"
path = "/health/live"

[[vm]]
size = "shared-cpu-1x"
memory = "512mb"
`;

const CLOUD_RUN = `# gcloud run services replace cloudrun.yaml
# Secrets come from Secret Manager: flows-token, and openai-api-key for that provider. Many instances need
# memory in Redis (MEMORY_BACKEND, REDIS_URL) and documents on a shared volume.
apiVersion: serving.knative.dev/v1
kind: Service
metadata:
  name: crewagent-flows
spec:
  template:
    metadata:
      annotations:
        autoscaling.knative.dev/maxScale: "1"
    spec:
      containerConcurrency: 80
      timeoutSeconds: 600
      containers:
        - image: REGION-docker.pkg.dev/PROJECT/REPOSITORY/crewagent-flows
          ports:
            - containerPort: 8080
          env:
            - name: HOST
              value: 0.0.0.0
            - name: FLOWS_TOKEN
              valueFrom:
                secretKeyRef:
                  name: flows-token
                  key: latest
            - name: OPENAI_API_KEY
              valueFrom:
                secretKeyRef:
                  name: openai-api-key
                  key: latest
          resources:
            limits:
              cpu: "1"
              memory: 512Mi
          startupProbe:
            httpGet:
              path: /health/startup
          livenessProbe:
            httpGet:
              path: /health/live
`;

const WORKFLOW = `name: ci
on:
  push:
  pull_request:
permissions:
  contents: read
jobs:
  deno:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: denoland/setup-deno@v2
        with:
          deno-version: ${DENO}
      - run: deno task check
      - run: deno task test
  node:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        node-version: [20, 22, 24]
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: \${{ matrix.node-version }}
      - run: npm install
      - run: npm run check
      - run: npm test
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: docker build .
`;

/** Those files, by path. */
export const DEPLOY_FILES: ReadonlyMap<string, string> = new Map([
  ["Dockerfile", DOCKERFILE],
  [".dockerignore", DOCKERIGNORE],
  [".gitignore", GITIGNORE],
  ["railway.toml", RAILWAY],
  ["fly.toml", FLY],
  ["cloudrun.yaml", CLOUD_RUN],
  [".github/workflows/ci.yml", WORKFLOW],
]);
