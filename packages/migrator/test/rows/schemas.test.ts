/** Rows for schemas of typical applications. */
import { expect, test } from 'vitest';

import { fixtures } from './fixture-database.ts';

const fixture = fixtures();

const SCHEMAS: Readonly<Record<string, string>> = {
  shop: `
    create type order_status as enum ('cart', 'placed', 'paid', 'shipped', 'cancelled');
    create domain money_amount as numeric(12, 2) check (value >= 0);
    create table category (id serial primary key, parent_id int references category check (parent_id <> id), slug varchar(60) not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'), path text not null check (path like '/%'));
    create table product (id uuid primary key default gen_random_uuid(), sku text not null unique check (sku ~ '^[A-Z]{2}-\\d{5}$'), price money_amount not null, sale_price money_amount, currency char(3) not null default 'EUR' check (currency in ('EUR', 'USD', 'GBP')),
      weight_g int check (weight_g > 0), tags text[] not null default '{}' check (array_length(tags, 1) <= 10), attributes jsonb not null default '{}' check (jsonb_typeof(attributes) = 'object'), check (sale_price is null or sale_price < price));
    create table product_category (product_id uuid references product on delete cascade, category_id int references category, is_main boolean not null default false, primary key (product_id, category_id));
    create unique index on product_category (product_id) where is_main;
    create table customer (id bigint generated always as identity primary key, email text not null, birthday date check (birthday < current_date - interval '18 years'));
    create unique index on customer (lower(email));
    create table discount (code text primary key check (code = upper(code) and length(code) between 4 and 12), percent int check (percent between 1 and 100), amount money_amount, check (num_nonnulls(percent, amount) = 1));
    create table "order" (id bigserial primary key, customer_id bigint not null references customer, status order_status not null default 'cart', placed_at timestamptz, paid_at timestamptz, total money_amount not null, discount_code text references discount on update cascade,
      check ((status = 'cart') = (placed_at is null)), check (paid_at is null or paid_at >= placed_at), check (status not in ('paid', 'shipped') or paid_at is not null));
    create table order_line (order_id bigint references "order" on delete cascade, line smallint check (line > 0), product_id uuid not null references product, quantity int not null check (quantity between 1 and 999), unit_price money_amount not null, total numeric(14, 2) generated always as (quantity * unit_price) stored check (total < 1000000), primary key (order_id, line));
    create table stock (product_id uuid primary key references product, on_hand int not null check (on_hand >= 0), reserved int not null default 0 check (reserved >= 0), check (reserved <= on_hand))`,

  forum: `
    create extension citext;
    create table member (id serial primary key, name citext not null unique check (name ~ '^[a-z][a-z0-9_]{2,19}$'), karma int not null default 0, banned_until timestamptz, ban_reason text, check ((banned_until is null) = (ban_reason is null)));
    create table board (id serial primary key, key text not null unique check (key ~ '^[a-z]+$' and char_length(key) <= 20), position int not null unique check (position >= 0));
    create table thread (id serial primary key, board_id int not null references board, first_post_id int, title text not null check (length(trim(title)) between 3 and 200), locked boolean not null default false);
    create table post (id serial primary key, thread_id int not null references thread on delete cascade, author_id int references member on delete set null, parent_id int references post, body text not null check (body <> ''), deleted_at timestamptz, depth int not null default 0 check (depth >= 0 and depth < 8), check (parent_id is null or depth > 0), unique (thread_id, id));
    alter table thread add foreign key (id, first_post_id) references post (thread_id, id) deferrable initially deferred;
    create table vote (post_id int references post, member_id int references member, value smallint not null check (value in (-1, 1)), primary key (post_id, member_id));
    create table follow (follower int references member, followed int references member, primary key (follower, followed), check (follower <> followed));
    create table message (id bigserial primary key, sender int not null references member, recipient int not null references member, sent_at timestamptz not null default now(), read_at timestamptz, check (sender <> recipient), check (read_at >= sent_at))`,

  booking: `
    create extension btree_gist;
    create table property (id serial primary key, lat double precision not null check (lat between -90 and 90), lon double precision not null check (lon between -180 and 180), timezone text not null check (timezone like '%/%'), check_in time not null default '15:00', check_out time not null default '11:00', check (check_out < check_in));
    create table room (id serial primary key, property_id int not null references property, number varchar(5) not null, beds smallint not null check (beds between 1 and 12), unique (property_id, number));
    create table guest (id serial primary key, phone text check (phone ~ '^\\+[1-9][0-9]{6,14}$'), email text check (email ~* '^[^@ ]+@[^@ ]+\\.[a-z]+$'), check (phone is not null or email is not null));
    create table reservation (id serial primary key, room_id int not null references room, guest_id int not null references guest, stay daterange not null check (not isempty(stay) and lower_inc(stay) and upper(stay) - lower(stay) <= 60), state text not null default 'held' check (state in ('held', 'confirmed', 'cancelled')), exclude using gist (room_id with =, stay with &&) where (state <> 'cancelled'));
    create table season (id serial primary key, property_id int not null references property, starts date not null, ends date not null, rate numeric(8, 2) not null check (rate > 0), check (starts < ends), exclude using gist (property_id with =, daterange(starts, ends, '[)') with &&));
    create table opening (property_id int references property, weekday smallint check (weekday between 0 and 6), opens time not null, closes time not null, primary key (property_id, weekday), check (opens < closes and closes - opens >= interval '1 hour'))`,

  saas: `
    create schema app;
    create type app.role as enum ('owner', 'admin', 'member');
    create table app.tenant (id uuid primary key default gen_random_uuid(), slug text not null unique check (slug ~ '^[a-z][a-z0-9-]{1,30}[a-z0-9]$'), plan text not null default 'free' check (plan in ('free', 'team', 'enterprise')), seats int not null default 3 check (seats > 0), check (plan <> 'enterprise' or seats >= 50));
    create table app.account (id uuid primary key default gen_random_uuid(), email text not null unique check (email = lower(email) and position('@' in email) > 1));
    create table app.membership (tenant_id uuid references app.tenant on delete cascade, account_id uuid references app.account on delete cascade, role app.role not null default 'member', invited_by uuid, primary key (tenant_id, account_id), foreign key (tenant_id, invited_by) references app.membership (tenant_id, account_id));
    create unique index on app.membership (tenant_id) where role = 'owner';
    create table app.project (tenant_id uuid not null references app.tenant, id bigint generated always as identity, key varchar(10) not null check (key ~ '^[A-Z][A-Z0-9]+$'), lead_id uuid not null, archived_at timestamptz, primary key (tenant_id, id), unique (tenant_id, key), foreign key (tenant_id, lead_id) references app.membership (tenant_id, account_id));
    create table app.issue (tenant_id uuid not null, project_id bigint not null, number int not null check (number > 0), title varchar(200) not null, assignee_id uuid, parent_number int, state text not null default 'open', closed_at timestamptz, primary key (tenant_id, project_id, number),
      foreign key (tenant_id, project_id) references app.project, foreign key (tenant_id, assignee_id) references app.membership (tenant_id, account_id), foreign key (tenant_id, project_id, parent_number) references app.issue,
      check (parent_number <> number), check ((state = 'closed') = (closed_at is not null)), check (state = any (array['open', 'doing', 'closed'])));
    create table app.api_key (id text primary key check (id like 'key\\_%' and length(id) = 28), tenant_id uuid not null references app.tenant, hash bytea not null unique check (octet_length(hash) = 32), scopes text[] not null check (scopes <@ array['read', 'write', 'admin'] and cardinality(scopes) > 0), expires_at timestamptz check (expires_at > created_at), created_at timestamptz not null default now());
    create table app.audit (id bigint generated always as identity, tenant_id uuid not null references app.tenant, at timestamptz not null default now(), actor_id uuid, system text, action text not null check (action ~ '^[a-z]+\\.[a-z_]+$'), ip inet check (family(ip) in (4, 6)), diff jsonb check (diff is null or jsonb_typeof(diff) = 'object'), primary key (id, at), check ((actor_id is null) <> (system is null))) partition by range (at);
    create table app.audit_now partition of app.audit default`,

  auth: `
    create table "user" (id text primary key, name text not null, email text not null unique, "emailVerified" boolean not null default false, image text check (image ~ '^https?://'), "createdAt" timestamp not null default now(), "updatedAt" timestamp not null default now(), check ("updatedAt" >= "createdAt"));
    create table session (id text primary key, token text not null unique check (length(token) >= 32), "expiresAt" timestamp not null, "createdAt" timestamp not null default now(), "ipAddress" text check ("ipAddress"::inet is not null), "userId" text not null references "user" on delete cascade, check ("expiresAt" > "createdAt"));
    create table account (id text primary key, "providerId" text not null check ("providerId" in ('credential', 'github', 'google')), "accountId" text not null, "userId" text not null references "user" on delete cascade, password text, "accessToken" text, check (("providerId" = 'credential') = (password is not null)), check (password is null or password like '$argon2id$%'), unique ("providerId", "accountId"));
    create table passkey (id text primary key, "userId" text not null references "user", counter bigint not null check (counter >= 0), aaguid uuid, transports text[] check (transports <@ '{usb,nfc,ble,internal,hybrid}'));
    create table verification (id text primary key, identifier text not null, value text not null, "expiresAt" timestamp not null check ("expiresAt" > '2020-01-01'));
    create table two_factor (user_id text primary key references "user", secret text not null check (secret ~ '^[A-Z2-7]{16,}$'), backup_codes jsonb not null check (jsonb_array_length(backup_codes) between 1 and 10))`,

  ledger: `
    create table ledger_account (id int primary key check (id between 1000 and 9999), kind text not null check (kind in ('asset', 'liability', 'equity', 'income', 'expense')), normal char(1) not null check (normal in ('D', 'C')), check ((normal = 'D') = (kind in ('asset', 'expense'))));
    create table journal (id bigserial primary key, posted_on date not null check (extract(isodow from posted_on) < 6), reference text not null check (reference similar to '(INV|PAY|ADJ)-[0-9]{4}-[0-9]{4,6}'), reverses bigint unique references journal check (reverses <> id));
    create table entry (journal_id bigint references journal, line int check (line between 1 and 99), account_id int not null references ledger_account, debit numeric(18, 4) not null default 0, credit numeric(18, 4) not null default 0, primary key (journal_id, line), check (debit >= 0 and credit >= 0), check ((debit = 0) <> (credit = 0)));
    create table rate (base char(3) check (base = upper(base)), quote char(3) check (quote ~ '^[A-Z]{3}$'), valid_on date, rate numeric(18, 8) not null check (rate > 0 and rate < 100000), primary key (base, quote, valid_on), check (base <> quote));
    create table period (year int check (year between 2000 and 2100), month int check (month between 1 and 12), closed boolean not null default false, primary key (year, month));
    create table iban (iban varchar(34) primary key check (iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$'), bic varchar(11) check (length(bic) in (8, 11) and bic = upper(bic)))`,

  content: `
    create table asset (id uuid primary key, mime text not null check (mime ~ '^(image|video)/[a-z0-9.+-]+$'), bytes bigint not null check (bytes > 0 and bytes <= 5 * 1024 * 1024), width int, height int, sha256 text not null unique check (sha256 ~ '^[0-9a-f]{64}$'), check ((width is null and height is null) or (width > 0 and height > 0)), check (mime not like 'image/%' or width is not null));
    create table page (id serial primary key, parent_id int references page, locale text not null default 'en' check (locale ~ '^[a-z]{2}(-[A-Z]{2})?$'), slug text not null, status text not null check (status in ('draft', 'review', 'published')), published_at timestamptz, cover_id uuid references asset, color text check (color ~* '^#[a-f0-9]{6}$'), unique nulls not distinct (parent_id, locale, slug), check (status <> 'published' or published_at is not null));
    create table block (id serial primary key, page_id int not null references page on delete cascade, position int not null check (position >= 0), kind text not null, text text, asset_id uuid references asset, url text, unique (page_id, position) deferrable initially deferred,
      constraint block_kind check ((kind = 'text' and text is not null and asset_id is null and url is null) or (kind = 'image' and asset_id is not null and text is null) or (kind = 'embed' and url is not null and url like 'https://%' and asset_id is null)));
    create table revision (page_id int references page, version int check (version > 0), body jsonb not null check (body ? 'blocks' and jsonb_typeof(body -> 'blocks') = 'array'), primary key (page_id, version));
    create table redirect (source text primary key check (source like '/%' and source not like '%?%'), target text not null, code int not null default 301 check (code in (301, 302, 307, 308)), check (source <> target))`,

  scheduling: `
    create table job (id uuid primary key, queue text not null check (queue ~ '^[a-z_]+$'), payload json not null check (json_typeof(payload) = 'object'), priority smallint not null default 0 check (priority between -10 and 10), run_at timestamptz not null default now(), attempts int not null default 0, max_attempts int not null default 5, locked_at timestamptz, locked_by text, done_at timestamptz, failed_at timestamptz,
      check (attempts <= max_attempts), check ((locked_at is null) = (locked_by is null)), check (done_at is null or failed_at is null));
    create table cron (name text primary key check (name = lower(name)), expression text not null check (array_length(string_to_array(expression, ' '), 1) = 5), every interval check (every >= interval '1 minute'));
    create table shift (id serial primary key, starts_at timestamptz not null, ends_at timestamptz not null, break interval not null default '0', check (ends_at > starts_at), check (ends_at - starts_at <= interval '12 hours'), check (break < ends_at - starts_at));
    create table run (id bigserial primary key, job_id uuid not null references job, attempt int not null check (attempt >= 1), started_at timestamptz not null, ended_at timestamptz, exit_code int check (exit_code between 0 and 255), unique (job_id, attempt), check ((ended_at is null) = (exit_code is null)), check (ended_at >= started_at));
    create table quota (tenant text, resource text check (resource in ('cpu', 'memory')), soft int not null, hard int not null, primary key (tenant, resource), check (0 < soft and soft <= hard))`,

  clinic: `
    create domain mrn as text check (value ~ '^MRN[0-9]{8}$');
    create table patient (mrn mrn primary key, sex char(1) not null check (sex in ('f', 'm', 'x')), born date not null check (born > '1900-01-01' and born <= current_date), died date check (died >= born), height_cm numeric(4, 1) check (height_cm > 20 and height_cm < 260), blood text check (blood in ('A+', 'A-', 'B+', 'B-', 'AB+', 'AB-', '0+', '0-')));
    create table doctor (id serial primary key, license text not null unique check (license ~ '^[0-9]{3}/[0-9]{5}$'), specialty text not null);
    create table appointment (id serial primary key, mrn mrn not null references patient, doctor_id int not null references doctor, slot tstzrange not null check (upper(slot) - lower(slot) in (interval '15 minutes', interval '30 minutes', interval '1 hour')), no_show boolean, check (no_show is null or upper(slot) is not null));
    create table vital (mrn mrn references patient, taken_at timestamptz, systolic int not null, diastolic int not null, temperature numeric(3, 1) check (temperature between 30.0 and 45.0), primary key (mrn, taken_at), check (systolic > diastolic and diastolic > 20 and systolic < 300));
    create table dose (id serial primary key, mrn mrn not null references patient, per_day int not null check (per_day between 1 and 6), hours int not null, check (per_day * hours = 24));
    create table consent (mrn mrn primary key references patient, given_at timestamptz not null, document bytea check (octet_length(document) > 0), signed_by text check (signed_by <> ''), check (num_nulls(document, signed_by) = 1))`,

  game: `
    create type color as enum ('white', 'black');
    create table player (id serial primary key, handle varchar(15) not null unique check (handle ~ '^\\w{3,15}$'), rating smallint not null default 1200 check (rating between 100 and 3500), country char(2) check (country ~ '^[A-Z][A-Z]$'));
    create table match (id serial primary key, white int not null references player, black int not null references player, winner color, ended boolean not null default false, moves text not null default '' check (moves = '' or moves ~ '^1\\.'), clock interval not null check (clock in ('1 minute', '3 minutes', '10 minutes')), check (white <> black), check (winner is null or ended));
    create table seat (match_id int references match, color color, player_id int not null references player, primary key (match_id, color), unique (match_id, player_id));
    create table friendship (a int references player, b int references player, since date not null, primary key (a, b), check (a < b));
    create table tile (board int, x int check (x between 0 and 2), y int check (y between 0 and 2), mark char(1) not null check (mark in ('x', 'o')), primary key (board, x, y));
    create table inventory (player_id int references player, slot int check (slot >= 0 and slot < 40), item text not null, amount int not null default 1, stack_max int not null, primary key (player_id, slot), check (amount between 1 and stack_max), check (stack_max in (1, 16, 64)));
    create table config (key text primary key check (key !~ '[^a-z.]'), value text, number numeric, flag boolean, check (num_nonnulls(value, number, flag) = 1))`,
};

test.each(Object.keys(SCHEMAS))(
  'each table of a %s gets rows: one with all columns, and two with few',
  async (name) => {
    await using database = await fixture(SCHEMAS[name] ?? '');
    const failures: string[] = [];
    for (const table of database.tables) {
      for (const fillsOptionalColumns of [true, false, false]) {
        await database.maker
          .insert(table, { fillsOptionalColumns })
          .catch((error: unknown) => failures.push(`${String(fillsOptionalColumns)} ${String(error)}`));
      }
    }
    // The commit checks deferred constraints.
    await database.query('commit');
    expect(failures).toEqual([]);
  },
);
