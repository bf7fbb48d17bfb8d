// SPDX-License-Identifier: Apache-2.0
// The packages of the match benchmark: of 3,000 in five ecosystems every fifth has a name that advisories speak of, each in a few versions,
// as in the SBOM of a large system. The others have names that nobody has.
import type { Package } from '../../src/model/package.ts';
import { packageOf } from '../../src/model/package.ts';
import { formatPurl } from '../../src/model/purl.ts';

/** OSV ecosystems that the packages belong to. */
export const ecosystems: readonly string[] = ['npm', 'PyPI', 'Go', 'crates.io', 'RubyGems'];

const known: readonly (readonly [string, string])[] = [
  [
    'npm',
    'lodash minimist axios ws tar qs semver express follow-redirects node-fetch moment jquery handlebars marked ejs pug hoek ini json5 jsonwebtoken mixin-deep node-forge path-parse set-value ssri tough-cookie undici underscore url-parse validator xml2js y18n yargs-parser async debug dompurify glob-parent immer next nanoid postcss terser vite got braces micromatch send cookie body-parser path-to-regexp ansi-regex loader-utils minimatch shell-quote elliptic',
  ],
  [
    'pypi',
    'django flask jinja2 requests urllib3 pillow numpy cryptography pyyaml aiohttp werkzeug sqlalchemy tornado twisted lxml paramiko certifi setuptools pip wheel scipy torch transformers scrapy celery redis pygments mistune bleach markdown html5lib httplib2 pyjwt python-jose rsa ecdsa gunicorn uvicorn starlette fastapi ansible salt ipython notebook nltk gitpython mako oauthlib protobuf joblib waitress zipp tqdm idna black',
  ],
  [
    'golang',
    'golang.org/x/net golang.org/x/crypto golang.org/x/text golang.org/x/sys golang.org/x/image golang.org/x/oauth2 github.com/gin-gonic/gin github.com/dgrijalva/jwt-go github.com/golang-jwt/jwt/v4 github.com/gorilla/websocket github.com/docker/docker github.com/containerd/containerd github.com/opencontainers/runc github.com/hashicorp/consul github.com/hashicorp/vault github.com/gogo/protobuf google.golang.org/grpc google.golang.org/protobuf gopkg.in/yaml.v2 gopkg.in/yaml.v3 github.com/go-git/go-git/v5 github.com/quic-go/quic-go github.com/labstack/echo/v4 github.com/gofiber/fiber/v2 github.com/moby/buildkit k8s.io/kubernetes k8s.io/client-go helm.sh/helm/v3 github.com/argoproj/argo-cd github.com/traefik/traefik/v2 github.com/cilium/cilium github.com/jackc/pgx/v4',
  ],
  [
    'cargo',
    'tokio hyper time regex smallvec openssl rustls chrono h2 remove_dir_all crossbeam-deque crossbeam-utils futures-util libgit2-sys git2 image lock_api memoffset mio once_cell protobuf rand_core rocket serde_yaml sha2 thread_local tungstenite wasmtime webpki xcb arrow atty bumpalo ed25519-dalek generic-array idna rusqlite tar',
  ],
  [
    'gem',
    'rails rack nokogiri activerecord actionpack actionview activesupport puma devise json loofah rails-html-sanitizer sinatra sprockets rubyzip rake redcarpet rest-client omniauth mail jquery-rails i18n httparty haml grape doorkeeper activestorage activejob actionmailer actiontext bundler carrierwave faraday globalid kaminari addressable tzinfo yard',
  ],
];

export function matchPackagesOf(count: number): readonly Package[] {
  const lists = known.map(([type, names]) => ({ type, names: names.split(' ') }));
  return Array.from({ length: count }, (_, index) => {
    const { type = 'npm', names = [] } = lists[index % lists.length] ?? {};
    // Every fifth of each type, taking the names of the type one after the other.
    const turn = Math.floor(index / lists.length);
    const name = turn % 5 === 0 ? (names[(turn / 5) % names.length] ?? '') : `nobody-has-this-${index}`;
    const plain = `${1 + (index % 6)}.${(index * 7) % 12}.${(index * 3) % 10}`;
    const version = type === 'golang' ? `v${plain}` : plain;
    const slash = type === 'golang' ? name.lastIndexOf('/') : -1;
    const namespace = slash === -1 ? undefined : name.slice(0, slash);
    const purl = formatPurl({ type, namespace, name: name.slice(slash + 1), version });
    return packageOf({ name, version, type, purl, id: `${name}@${version}#${index}` });
  });
}
