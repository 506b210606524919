/** A hash that no program makes by chance: of `password`, with a salt that says what it is. */
export const SAMPLE_PASSWORD_HASH = '$2b$10$todosampledataabcdefgObHXJc83aK24WWUVG65l7rGvPxf3gSxW';
