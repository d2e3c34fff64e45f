/** Creates and fills the sample tables, in SQLite's dialect. */
export const SAMPLE_DATA = `
CREATE TABLE users (
  id        INTEGER PRIMARY KEY,
  name      TEXT NOT NULL,
  email     TEXT NOT NULL UNIQUE,
  city      TEXT NOT NULL,
  joined_on TEXT NOT NULL
);

INSERT INTO users VALUES
  (1, 'Ada Moreau',      'ada@example.com',   'Lyon',   '2025-01-14'),
  (2, 'Bruno Keller',    'bruno@example.com', 'Zurich', '2025-02-03'),
  (3, 'Chidi Okafor',    'chidi@example.com', 'Lagos',  '2025-02-21'),
  (4, 'Dana Whitfield',  'dana@example.com',  'Leeds',  '2025-04-09'),
  (5, 'Emi Tanaka',      'emi@example.com',   'Osaka',  '2025-05-30'),
  (6, 'Farid Haddad',    'farid@example.com', 'Tunis',  '2025-07-17'),
  (7, 'Greta Lindqvist', 'greta@example.com', 'Malmö',  '2025-09-02'),
  (8, 'Hugo Almeida',    'hugo@example.com',  'Porto',  '2025-11-25');

CREATE TABLE orders (
  id         INTEGER PRIMARY KEY,
  user_id    INTEGER NOT NULL REFERENCES users (id),
  product    TEXT NOT NULL,
  quantity   INTEGER NOT NULL DEFAULT 1,
  unit_price REAL NOT NULL,
  status     TEXT NOT NULL CHECK (status IN ('pending', 'shipped', 'delivered', 'cancelled')),
  ordered_on TEXT NOT NULL,
  shipped_on TEXT
);

INSERT INTO orders VALUES
  (1,  1, 'Desk lamp',       1, 39.90,  'delivered', '2025-01-20', '2025-01-22'),
  (2,  2, 'Notebook',        5, 4.50,   'delivered', '2025-02-05', '2025-02-06'),
  (3,  1, 'Bookshelf',       1, 119.00, 'delivered', '2025-02-11', '2025-02-15'),
  (4,  3, 'Headphones',      1, 89.00,  'delivered', '2025-02-28', '2025-03-03'),
  (5,  2, 'Fountain pen',    2, 24.75,  'cancelled', '2025-03-12', NULL),
  (6,  4, 'Kettle',          1, 32.00,  'delivered', '2025-04-10', '2025-04-11'),
  (7,  3, 'USB cable',       3, 7.20,   'delivered', '2025-04-26', '2025-04-28'),
  (8,  4, 'Teapot',          1, 28.40,  'delivered', '2025-05-02', '2025-05-05'),
  (9,  5, 'Rain jacket',     1, 74.00,  'delivered', '2025-06-01', '2025-06-03'),
  (10, 1, 'Notebook',        2, 4.50,   'delivered', '2025-06-18', '2025-06-19'),
  (11, 5, 'Water bottle',    2, 14.95,  'delivered', '2025-07-08', '2025-07-10'),
  (12, 6, 'Keyboard',        1, 64.50,  'delivered', '2025-07-20', '2025-07-23'),
  (13, 6, 'Mouse',           1, 27.90,  'cancelled', '2025-07-20', NULL),
  (14, 2, 'Desk lamp',       2, 39.90,  'delivered', '2025-08-14', '2025-08-18'),
  (15, 7, 'Bicycle bell',    1, 9.80,   'delivered', '2025-09-05', '2025-09-06'),
  (16, 7, 'Rain jacket',     2, 74.00,  'shipped',   '2025-10-30', '2025-11-02'),
  (17, 3, 'Headphones',      1, 89.00,  'shipped',   '2025-11-09', '2025-11-11'),
  (18, 4, 'Notebook',        10, 4.50,  'shipped',   '2025-11-21', '2025-11-22'),
  (19, 5, 'Fountain pen',    1, 24.75,  'pending',   '2025-11-28', NULL),
  (20, 1, 'Office chair',    1, 189.00, 'pending',   '2025-11-29', NULL);
`;
