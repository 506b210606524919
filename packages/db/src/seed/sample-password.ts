/** A hash of `password`, with a salt that marks it as sample data. No program creates this hash by chance. */
export const SAMPLE_PASSWORD_HASH = '$2b$10$todosampledataabcdefgObHXJc83aK24WWUVG65l7rGvPxf3gSxW';
